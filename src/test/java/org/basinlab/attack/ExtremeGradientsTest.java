package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients that are too large or too small for floats. */
class ExtremeGradientsTest {

    /** Nothing is negative. */
    private static final NormalisedImages IMAGES = asStored(200);

    /** The second and third layer together overflow; the first lets so little through that logits are finite. */
    private static final Weights STEEP = chain(0x1p-60f, 0x1p70f, 0x1p70f);

    private static NormalisedImages asStored(int count) {
        int channels = Shapes.images(1).constants().std().size();
        return Shapes.images(
                count,
                new Normalisation.Constants(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0)));
    }

    /** Layers of one unit, the sum of all inputs, that raise the logit of class 0: of all images this is the answer. */
    private static Weights chain(float first, float second, float third) {
        Architecture.Mlp architecture = new Architecture.Mlp(IMAGES.inputs(), List.of(1, 1), 10);
        float[] values = new float[architecture.parameterCount()];
        Arrays.fill(values, 0, IMAGES.inputs(), first);
        values[architecture.tensors().get(2).offset()] = second;
        values[architecture.tensors().get(4).offset()] = third;
        return Weights.owning(architecture, values);
    }

    private static void assertWithoutGradients(AttackResult found) {
        assertThat(found.checks())
                .filteredOn(check -> check.check().equals("gradients-not-masked"))
                .containsExactly(new SanityFinding("gradients-not-masked", 1, 0.01, false));
    }

    @Test
    void along_an_infinite_gradient_fgsm_takes_no_step() {
        AttackResult found = Fgsm.of(
                new MetricRequest.Fgsm(Points.of("0", "0.1"), InputSpace.PIXEL), STEEP, IMAGES, Progress.UNWATCHED);

        assertWithoutGradients(found);
        assertThat(found.correct().get(1)).isEqualTo(found.correct().get(0));
    }

    @ParameterizedTest
    @EnumSource
    void along_an_infinite_gradient_pgd_takes_no_step_and_finds_no_answer_to_a_nan(VectorNorm norm) {
        AttackResult found = pgd(STEEP, norm, "0.1");

        BitSet clean = Answering.clean(STEEP, IMAGES);
        assertThat(clean.cardinality()).isPositive();
        assertThat(found.correct()).containsExactly(clean);
        assertWithoutGradients(found);
    }

    @Test
    void deepfool_does_not_take_an_infinite_gradient_for_a_boundary() {
        DeepFoolResult found = DeepFool.of(
                new MetricRequest.DeepFool(VectorNorm.LINF, Points.of("0.1"), 50, 0.02, InputSpace.NORMALISED),
                STEEP,
                IMAGES,
                Progress.UNWATCHED);

        assertThat(found.distances()).containsOnly(Float.NaN);
        assertWithoutGradients(found.atBudgets());
    }

    @Test
    void a_step_along_a_gradient_too_short_to_be_inverted_is_as_long_as_any() {
        Weights flat = chain(0x1p-60f, 0x1p-45f, 0x1p-40f);

        AttackResult found = pgd(flat, VectorNorm.L2, "0.1");

        assertThat(found.correct()).containsExactly(Answering.clean(flat, IMAGES));
    }

    private static AttackResult pgd(Weights weights, VectorNorm norm, String budget) {
        MetricRequest.Pgd request = new MetricRequest.Pgd(norm, Points.of(budget), 3, 1, InputSpace.PIXEL);
        return Pgd.of(request, weights, IMAGES, 5, Progress.UNWATCHED);
    }
}
