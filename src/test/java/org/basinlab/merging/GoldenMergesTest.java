package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.StopRule;
import org.junit.jupiter.api.Test;

/**
 * The bytes of merges of trained networks, which a store keeps and reuses under the numeric version of merging. Kernels of
 * BLAS round products differently, but no pairing of these networks is so near a tie that it would change: the digests were
 * the same with OpenBLAS 0.3.31 on COOPERLAKE, SKYLAKEX, HASWELL, ZEN, SANDYBRIDGE, NEHALEM, BARCELONA, CORE2 and PRESCOTT.
 */
class GoldenMergesTest {

    private static final Matching WEIGHT = new Matching.Weight();
    private static final long SEED = 17;

    private static String digest(MergeStep step, String... networks) {
        List<Weights> inputs = Stream.of(networks).map(ReferenceNetworks::read).toList();
        Merged merged = Merging.merge(step, inputs, SEED, Progress.UNWATCHED);
        return Digests.of(Safetensors.write(merged.weights(), Map.of()));
    }

    private static void assertGolden(String digest, String golden) {
        assertThat(digest)
                .as("if the change is meant, raise the numeric version of TaskSpec.Kind.MERGE")
                .isEqualTo(golden);
    }

    @Test
    void a_pair_gives_the_bytes_that_it_always_gave() {
        String digest = digest(new MergeStep.Pair(WEIGHT, 0.5), "seed0", "seed1");

        assertGolden(digest, "867f83052bfed8c7dc513dc7528454f079caadbfb8f112d8363e46c7f6670f6f");
    }

    @Test
    void three_rounds_of_merge_many_give_the_bytes_that_they_always_gave() {
        MergeStep many = new MergeStep.Many(WEIGHT, new Rounds(3), StopRule.L2);

        String digest = digest(many, "seed0", "seed1", "seed2", "seed3");

        assertGolden(digest, "4608a89d0c417462a684b9876de5490267161c62ad4b503338c3d4a8bcf7db8e");
    }

    @Test
    void a_merge_towards_a_reference_gives_the_bytes_that_it_always_gave() {
        String digest = digest(new MergeStep.Reference(WEIGHT), "seed0", "seed1", "seed2", "seed3");

        assertGolden(digest, "2deafb0b1d729ecec8447a1035b3d0103e18506fe4c205d7bedcf791c0423f26");
    }

    @Test
    void a_plain_mean_gives_the_bytes_that_it_always_gave() {
        String digest = digest(new MergeStep.Mean(), "seed0", "seed1", "seed2", "seed3");

        assertGolden(digest, "cd8df09b8a2785224a0ed1dbfac5abc0e1cd033f7909f8db2d03b4623806ecb8");
    }
}
