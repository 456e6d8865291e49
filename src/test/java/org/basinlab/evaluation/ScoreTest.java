package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.ReferenceMlp;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.training.EpochScore;
import org.basinlab.training.TrainedNetwork;
import org.basinlab.training.Trainer;
import org.junit.jupiter.api.Test;

class ScoreTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(20, List.of(16, 12), 5);
    /** Two full batches and a rest. */
    private static final ArrayExamples EXAMPLES = ArrayExamples.clusters(2_345, 20, 5, 2);

    @Test
    void loss_and_hits_agree_with_float64_loops() {
        Weights weights = Initialisation.pytorch(NETWORK, 8);
        ReferenceMlp reference = new ReferenceMlp(weights);
        double hits = IntStream.range(0, EXAMPLES.count())
                .filter(i -> largest(reference.logits(EXAMPLES, i)) == EXAMPLES.label(i))
                .count();

        Score score = Score.of(weights, EXAMPLES, Progress.UNWATCHED);

        assertThat(score.loss()).isCloseTo(reference.loss(EXAMPLES), within(1e-6));
        assertThat(score.accuracy() * 2_345).isCloseTo(hits, within(1.0));
        assertThat(score.images()).isEqualTo(2_345);
    }

    @Test
    void a_network_of_zeros_takes_everything_for_the_lowest_class() {
        long ofClass0 = IntStream.range(0, EXAMPLES.count())
                .filter(i -> EXAMPLES.label(i) == 0)
                .count();
        Weights zeros = Weights.owning(NETWORK, new float[NETWORK.parameterCount()]);

        Score score = Score.of(zeros, EXAMPLES, Progress.UNWATCHED);

        assertThat(score.accuracy()).isEqualTo(ofClass0 / 2_345.0);
        assertThat(score.loss()).isCloseTo(Math.log(5), within(1e-12));
    }

    @Test
    void a_network_with_a_nan_hits_nothing() {
        float[] values = new float[NETWORK.parameterCount()];
        Arrays.fill(values, Float.NaN);

        Score score = Score.of(Weights.owning(NETWORK, values), EXAMPLES, Progress.UNWATCHED);

        assertThat(score.accuracy()).isZero();
        assertThat(score.loss()).isNaN();
    }

    @Test
    void the_score_after_the_last_epoch_is_that_of_the_trained_network_to_the_bit() {
        TrainingRecipe recipe =
                new TrainingRecipe(2, 50, Optimiser.Adam.withDefaults(0.01), Schedule.CONSTANT, Augmentation.NONE);
        ArrayExamples train = ArrayExamples.clusters(200, 20, 5, 1);
        TrainedNetwork trained = new Trainer(NETWORK, recipe).train(train, EXAMPLES, 3, Progress.UNWATCHED);
        EpochScore last = trained.epochs().get(1);

        Score score = Score.of(trained.weights(), EXAMPLES, Progress.UNWATCHED);

        assertThat(score.loss()).isEqualTo(last.testLoss());
        assertThat(score.accuracy()).isEqualTo(last.testAccuracy());
    }

    @Test
    void progress_is_told_after_every_batch() {
        List<Double> told = new ArrayList<>();

        Score.of(Initialisation.pytorch(NETWORK, 8), EXAMPLES, told::add);

        assertThat(told).containsExactly(1_000 / 2_345.0, 2_000 / 2_345.0, 1.0);
    }

    private static int largest(double[] logits) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            best = logits[c] > logits[best] ? c : best;
        }
        return best;
    }
}
