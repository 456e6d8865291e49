package org.basinlab.network;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.TensorNames;

/**
 * The shapes of a file's tensors under our names, and what the user said of it: what the size of a network is read from.
 *
 * @param byName axes, each at least 1
 */
record Shapes(Map<String, List<Integer>> byName, TensorNames told) {

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** @throws SafetensorsException if there is no such tensor, or it has other than so many axes */
    List<Integer> axes(String name, int count) {
        List<Integer> shape = Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new SafetensorsException("must hold the tensor " + name));
        if (shape.size() != count) {
            throw new SafetensorsException("must give %s %s axes, gives %s"
                    .formatted(name, count == 2 ? "two" : String.valueOf(count), shape));
        }
        return shape;
    }

    /** What the normalisation {@code module} is. */
    Norm norm(String module) {
        if (has(module + ".running_mean")) {
            return Norm.BATCH;
        }
        if (!has(module + ".weight")) {
            return Norm.NONE;
        }
        return told.norm()
                .orElseThrow(() -> new SafetensorsException(
                        ("must come with a word on %s, whose shapes fit LayerNorm and GroupNorm:"
                                        + " name a file with norm: layer or norm: group (--names)")
                                .formatted(module)));
    }

    /**
     * The size of images: what was said; else that of a known data set with so many channels, of which {@code fits} holds;
     * else {@code guess}.
     *
     * @throws SafetensorsException if there is none
     */
    Extent image(int channels, Predicate<Extent> fits, Optional<Extent> guess) {
        return told.image()
                .or(() -> Arrays.stream(KnownDataset.values())
                        .map(KnownDataset::extent)
                        .filter(extent -> extent.channels() == channels && fits.test(extent))
                        .findFirst())
                .or(() -> guess)
                .orElseThrow(() -> new SafetensorsException(
                        ("must come with the size of its images of %d channels, which its shapes do not tell:"
                                        + " name a file with image: [channels, height, width] (--names)")
                                .formatted(channels)));
    }

    /** A square image of sides {@code factor·√positions}, if that is whole. */
    static Optional<Extent> square(int channels, int positions, int factor) {
        int side = (int) Math.round(Math.sqrt(positions));
        return side * side == positions && (long) side * factor <= 100_000
                ? Optional.of(new Extent(channels, side * factor, side * factor))
                : Optional.empty();
    }
}
