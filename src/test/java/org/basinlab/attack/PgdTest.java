package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgdTest {

    private static final long SEED = 5;
    private static final int STEPS = 5;

    private static AttackResult attack(
            VectorNorm norm, InputSpace space, int restarts, NormalisedImages images, String... budgets) {
        return attack(Shapes.TRAINED, norm, space, restarts, images, budgets);
    }

    private static AttackResult attack(
            Weights weights,
            VectorNorm norm,
            InputSpace space,
            int restarts,
            NormalisedImages images,
            String... budgets) {
        MetricRequest.Pgd request = new MetricRequest.Pgd(norm, Points.of(budgets), STEPS, restarts, space);
        return Pgd.of(request, weights, images, SEED, Progress.UNWATCHED);
    }

    /** Whether an image withstands one restart; every point is held to lie in the ball and, of pixels, in [0, 1]. */
    private static boolean withstands(PlainNetwork plain, int image, int label, VectorNorm norm, double budget) {
        double[] original = plain.point(image);
        RandomGenerator random = Seeds.generator(Seeds.derive(SEED, "pgd", 0, image));
        double[] change = new double[original.length];
        for (int j = 0; j < change.length; j++) {
            change[j] = norm == VectorNorm.LINF ? budget * (2 * random.nextFloat() - 1) : random.nextGaussian();
        }
        if (norm == VectorNorm.L2) {
            change = times(change, budget * Math.pow(random.nextDouble(), 1.0 / change.length) / length(change));
        }
        double[] point = moved(plain, original, change);
        boolean right = plain.isRight(original, image) && plain.isRight(point, image);
        for (int step = 0; step < STEPS && right; step++) {
            double[] gradient = plain.lossGradient(point, label);
            double size = 2.5 * budget / STEPS;
            for (int j = 0; j < change.length; j++) {
                double along = norm == VectorNorm.LINF ? Math.signum(gradient[j]) : gradient[j] / length(gradient);
                change[j] = point[j] - original[j] + size * along;
                if (norm == VectorNorm.LINF) {
                    change[j] = Math.max(-budget, Math.min(budget, change[j]));
                }
            }
            if (norm == VectorNorm.L2 && length(change) > budget) {
                change = times(change, budget / length(change));
            }
            point = moved(plain, original, change);
            right = plain.isRight(point, image);
        }
        return right;
    }

    private static double[] moved(PlainNetwork plain, double[] original, double[] change) {
        double[] point = original.clone();
        for (int j = 0; j < point.length; j++) {
            point[j] += change[j];
        }
        return plain.clipped(point);
    }

    private static double length(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(x -> x * x).sum());
    }

    private static double[] times(double[] values, double factor) {
        return Arrays.stream(values).map(x -> factor * x).toArray();
    }

    @ParameterizedTest
    @CsvSource({"LINF, PIXEL, 0.003", "LINF, NORMALISED, 0.012", "L2, PIXEL, 0.12", "L2, NORMALISED, 0.5"})
    void answers_are_those_of_plain_loops(VectorNorm norm, InputSpace space, String budget) {
        NormalisedImages images = Shapes.images(40);
        PlainNetwork plain = new PlainNetwork(Shapes.TRAINED, images, space);
        BitSet expected = new BitSet();
        for (int image = 0; image < images.count(); image++) {
            expected.set(image, withstands(plain, image, images.label(image), norm, Double.parseDouble(budget)));
        }

        AttackResult found = attack(norm, space, 1, images, budget);

        assertThat(found.correct().get(0)).isEqualTo(expected);
        assertThat(expected.cardinality())
                .as("the budget leaves some images and not all")
                .isBetween(1, 39);
    }

    @ParameterizedTest
    @CsvSource({"LINF", "L2"})
    void at_budget_zero_it_is_the_accuracy_and_every_check_passes(VectorNorm norm) {
        NormalisedImages images = Shapes.images(250);

        AttackResult found = attack(norm, InputSpace.PIXEL, 2, images, "0", "0.02", "0.05");

        assertThat(found.accuracy(0))
                .isEqualTo(Score.of(Shapes.TRAINED, images, Progress.UNWATCHED).accuracy());
        assertThat(found.isSound()).as("%s", found.checks()).isTrue();
        assertThat(found.checks())
                .extracting(SanityFinding::check)
                .contains("clean-at-zero", "monotone", "gradients-not-masked");
    }

    @Test
    void more_restarts_leave_no_image_that_fewer_took() {
        NormalisedImages images = Shapes.images(200);

        BitSet few = attack(VectorNorm.LINF, InputSpace.PIXEL, 1, images, "0.01")
                .correct()
                .get(0);
        BitSet many = attack(VectorNorm.LINF, InputSpace.PIXEL, 4, images, "0.01")
                .correct()
                .get(0);

        BitSet beyond = (BitSet) many.clone();
        beyond.andNot(few);
        assertThat(beyond.isEmpty()).isTrue();
    }

    @Test
    void an_image_is_answered_alike_in_batches_of_any_size() {
        BitSet few = attack(VectorNorm.L2, InputSpace.PIXEL, 1, Shapes.images(120), "0.5")
                .correct()
                .get(0);
        BitSet many = attack(VectorNorm.L2, InputSpace.PIXEL, 1, Shapes.images(1_100), "0.5")
                .correct()
                .get(0);

        assertThat(many.get(0, 120)).isEqualTo(few);
    }

    @Test
    void it_is_held_against_fgsm_and_flagged_without_gradients() {
        Weights dead = Shapes.withDeadUnits(Shapes.TRAINED);

        AttackResult found = attack(dead, VectorNorm.LINF, InputSpace.PIXEL, 1, Shapes.images(100), "0.01");

        assertThat(found.checks()).extracting(SanityFinding::check).contains("not-above-fgsm");
        assertThat(found.checks())
                .filteredOn(check -> check.check().equals("gradients-not-masked"))
                .noneMatch(SanityFinding::passed);
    }
}
