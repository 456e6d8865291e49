package org.basinlab.network;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.ResNet20;

/** ResNet20 with {@code bn} or {@code norm}, {@code shortcut} or {@code downsample}, {@code linear} or {@code fc}. */
final class ResNetPort implements Port {

    private static final int SMALLEST_SIDE = 4;
    private static final String SHORTCUT = "layer2.0.shortcut.0.weight";

    @Override
    public String family() {
        return "resnet20";
    }

    @Override
    public Class<? extends Architecture> architecture() {
        return ResNet20.class;
    }

    @Override
    public Map<String, String> ours(Collection<String> theirs) {
        return Port.each(
                theirs,
                name -> name.replaceAll("(^|\\.)(?:bn|gn|ln)([12])\\.", "$1norm$2.")
                        .replace(".downsample.", ".shortcut.")
                        .replaceAll("^fc\\.", "linear."));
    }

    @Override
    public boolean isMeant(Shapes shapes) {
        return shapes.has("conv1.weight") && shapes.has("layer1.0.conv1.weight");
    }

    @Override
    public Architecture read(Shapes shapes) {
        List<Integer> first = shapes.axes("conv1.weight", 4);
        if (!shapes.has(SHORTCUT)) {
            throw new SafetensorsException(
                    ("must hold the tensor %s: shortcuts are convolutions here, and those without weights, which pad with"
                                    + " zeros (option A of the paper), are not known")
                            .formatted(SHORTCUT));
        }
        int shortcut = shapes.axes(SHORTCUT, 4).get(2);
        int classes = shapes.axes("linear.weight", 2).get(0);
        if (first.get(0) % 16 != 0) {
            throw new SafetensorsException("must give conv1.weight a multiple of 16 channels, gives " + first.get(0));
        }
        Extent image = shapes.image(
                first.get(1), extent -> Math.min(extent.height(), extent.width()) >= SMALLEST_SIDE, Optional.empty());
        return new ResNet20(image, first.get(0) / 16, shapes.norm("norm1"), shortcut, classes);
    }
}
