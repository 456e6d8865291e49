package org.basinlab.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinlab.recipe.Architecture;

/** Linear layers one after another: {@code layers.0}, {@code layer0}, {@code fc1} or the numbers of a {@code Sequential}. */
final class MlpPort implements Port {

    private static final Pattern LAYER =
            Pattern.compile("(?:layers\\.|layer|fc|linear|net\\.|)(0|[1-9][0-9]{0,3})\\.(weight|bias)");

    @Override
    public String family() {
        return "a perceptron";
    }

    @Override
    public Class<? extends Architecture> architecture() {
        return Architecture.Mlp.class;
    }

    @Override
    public Map<String, String> ours(Collection<String> theirs) {
        boolean all = theirs.stream().allMatch(name -> LAYER.matcher(name).matches());
        List<Integer> numbers = Port.numbers(theirs, LAYER);
        return Port.each(theirs, name -> {
            Matcher matcher = LAYER.matcher(name);
            return all && matcher.matches()
                    ? "layers.%d.%s".formatted(numbers.indexOf(Integer.parseInt(matcher.group(1))), matcher.group(2))
                    : name;
        });
    }

    @Override
    public boolean isMeant(Shapes shapes) {
        return shapes.has("layers.0.weight");
    }

    @Override
    public Architecture read(Shapes shapes) {
        List<Integer> widths = new ArrayList<>();
        for (int layer = 0; shapes.has("layers." + layer + ".weight"); layer++) {
            List<Integer> shape = shapes.axes("layers." + layer + ".weight", 2);
            if (layer == 0) {
                widths.add(shape.get(1));
            } else if (!shape.get(1).equals(widths.get(layer))) {
                throw new SafetensorsException(
                        "must chain its layers: layers.%d.weight takes %d inputs, the layer before has %d outputs"
                                .formatted(layer, shape.get(1), widths.get(layer)));
            }
            widths.add(shape.get(0));
        }
        return new Architecture.Mlp(widths.get(0), widths.subList(1, widths.size() - 1), widths.get(widths.size() - 1));
    }
}
