package org.basinlab.network;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Vgg16;

/**
 * VGG16 with the module numbers of torchvision's {@code features}; the linear layers of {@code classifier} count in turn,
 * whatever lies between them, and may be one alone.
 */
final class VggPort implements Port {

    private static final Pattern CLASSIFIER = Pattern.compile("classifier\\.(0|[1-9][0-9]{0,3})\\.(weight|bias)");
    private static final String FIRST = "features.0.weight";
    private static final int SHRINKS = 32;

    @Override
    public String family() {
        return "vgg16";
    }

    @Override
    public Class<? extends Architecture> architecture() {
        return Vgg16.class;
    }

    @Override
    public Map<String, String> ours(Collection<String> theirs) {
        List<Integer> numbers = Port.numbers(theirs, CLASSIFIER);
        return Port.each(theirs, name -> {
            if (name.equals("classifier.weight") || name.equals("classifier.bias")) {
                return name.replace("classifier.", "classifier.0.");
            }
            Matcher matcher = CLASSIFIER.matcher(name);
            return matcher.matches()
                    ? "classifier.%d.%s"
                            .formatted(2 * numbers.indexOf(Integer.parseInt(matcher.group(1))), matcher.group(2))
                    : name;
        });
    }

    @Override
    public boolean isMeant(Shapes shapes) {
        return shapes.has(FIRST) && shapes.has("classifier.0.weight");
    }

    @Override
    public Architecture read(Shapes shapes) {
        List<Integer> first = shapes.axes(FIRST, 4);
        // With a normalisation the module after the first convolution has one axis; without it is a rectifier.
        Norm norm = shapes.norm("features.1");
        double width = first.get(0) / 64.0;
        int dense = 0;
        while (shapes.has("classifier.%d.weight".formatted(2 * (dense + 1)))) {
            dense++;
        }
        int classes =
                shapes.axes("classifier.%d.weight".formatted(2 * dense), 2).get(0);
        int positions = shapes.axes("classifier.0.weight", 2).get(1) / Math.max(1, 8 * first.get(0));
        Extent image = shapes.image(
                first.get(1),
                extent -> extent.height() % SHRINKS == 0
                        && extent.width() % SHRINKS == 0
                        && extent.height() / SHRINKS * (extent.width() / SHRINKS) == positions,
                positions == 0 ? Optional.empty() : Shapes.square(first.get(1), positions, SHRINKS));
        return new Vgg16(image, width, norm, dense, classes);
    }
}
