package org.basinlab.matching;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;

/** A small network of every kind. */
final class SmallGraphs {

    private SmallGraphs() {}

    static Stream<Architecture> all() {
        return Stream.of(
                new Architecture.Mlp(20, List.of(16, 12, 8), 5),
                new Vgg16(new Extent(3, 32, 32), 1.0 / 16, Norm.LAYER, 2, 10),
                new Vgg16(new Extent(3, 64, 32), 1.0 / 16, Norm.BATCH, 0, 10),
                new ResNet20(new Extent(3, 8, 8), 1, Norm.LAYER, 3, 10),
                new ResNet20(new Extent(3, 8, 8), 1, Norm.BATCH, 1, 10),
                new Cnn(new Extent(3, 16, 8), List.of(6, 9), 14, Norm.NONE, 10),
                new Cnn(new Extent(3, 16, 8), List.of(6, 9), 14, Norm.GROUP, 10),
                new Vit(new Extent(3, 8, 8), 4, 15, 2, 3, 10));
    }

    /** A random order of every permutation. */
    static Permutations shuffled(Architecture architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        Map<String, int[]> byName = new LinkedHashMap<>();
        PermutationSpec.of(architecture)
                .sizes()
                .forEach((name, size) -> byName.put(name, Seeds.shuffled(size, random)));
        return Permutations.of(byName);
    }
}
