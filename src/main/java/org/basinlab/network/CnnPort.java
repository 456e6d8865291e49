package org.basinlab.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;

/** The small convolutional network: {@code conv1}, {@code conv2} …, perhaps {@code bn1} …, {@code fc1} and {@code fc2}. */
final class CnnPort implements Port {

    @Override
    public String family() {
        return "cnn";
    }

    @Override
    public Class<? extends Architecture> architecture() {
        return Cnn.class;
    }

    @Override
    public Map<String, String> ours(Collection<String> theirs) {
        return Port.each(theirs, name -> name.replaceAll("^(?:bn|gn|ln)([1-9])\\.", "norm$1."));
    }

    @Override
    public boolean isMeant(Shapes shapes) {
        return shapes.has("conv1.weight") && shapes.has("fc1.weight") && shapes.has("fc2.weight");
    }

    @Override
    public Architecture read(Shapes shapes) {
        List<Integer> channels = new ArrayList<>();
        for (int i = 1; i <= Cnn.MOST_CONVOLUTIONS && shapes.has("conv%d.weight".formatted(i)); i++) {
            channels.add(shapes.axes("conv%d.weight".formatted(i), 4).get(0));
        }
        int halvings = channels.size();
        int in = shapes.axes("conv1.weight", 4).get(1);
        List<Integer> hidden = shapes.axes("fc1.weight", 2);
        int positions = hidden.get(1) / channels.get(halvings - 1);
        Extent image = shapes.image(
                in,
                extent -> (extent.height() >> halvings) * (extent.width() >> halvings) == positions,
                Optional.empty());
        int classes = shapes.axes("fc2.weight", 2).get(0);
        return new Cnn(image, channels, hidden.get(0), shapes.norm("norm1"), classes);
    }
}
