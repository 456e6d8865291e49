package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Numerics;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;

/** The bits of measurements, which a store keeps and reuses under the numeric version of evaluation. */
class GoldenMeasurementsTest {

    private static final String IF_MEANT =
            "if the change is meant, raise the numeric version of TaskSpec.Kind.EVALUATE";

    /** The loss by kernel of OpenBLAS 0.3.31, each of which rounds in its own order. */
    private static final Map<String, Double> LOSS = Map.of(
            "COOPERLAKE", 0x1.9d16e23bb1ff9p0,
            "SKYLAKEX", 0x1.9d16e23bb1ff9p0,
            "HASWELL", 0x1.9d16e23bacd56p0,
            "ZEN", 0x1.9d16e23bacd56p0,
            "SANDYBRIDGE", 0x1.9d16e23c4391p0,
            "NEHALEM", 0x1.9d16e23c4391p0,
            "BARCELONA", 0x1.9d16e23c420cbp0,
            "CORE2", 0x1.9d16e23c3e99ep0,
            "PRESCOTT", 0x1.9d16e23c7071fp0);

    @Test
    void a_score_has_the_bits_that_it_always_had_on_this_kernel() {
        String kernel = Numerics.prepare().kernel();
        assumeTrue(LOSS.containsKey(kernel), "no loss is known for the BLAS kernel " + kernel);
        Architecture.Mlp network = new Architecture.Mlp(20, List.of(16, 12), 5);
        ArrayExamples examples = ArrayExamples.clusters(2_345, 20, 5, 2);

        Score score = Score.of(Initialisation.pytorch(network, 8), examples, Progress.UNWATCHED);

        assertThat(score).as(IF_MEANT).isEqualTo(new Score(478 / 2_345.0, LOSS.get(kernel), 2_345));
    }

    @Test
    void a_weight_norm_has_the_bits_that_it_always_had() {
        double norm = WeightNorm.of(ReferenceNetworks.read("seed0"));

        assertThat(norm).as(IF_MEANT).isEqualTo(0x1.74249f22b0cfap4);
    }
}
