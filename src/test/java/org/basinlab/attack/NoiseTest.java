package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseTest {

    private static final long SEED = 9;

    private static NoiseResult onInputs(NoiseShape shape, InputSpace space, NormalisedImages images, String... sizes) {
        MetricRequest.InputNoise request = new MetricRequest.InputNoise(shape, Points.of(sizes), 2, space);
        return InputNoise.of(request, Shapes.TRAINED, images, SEED, Progress.UNWATCHED);
    }

    @ParameterizedTest
    @CsvSource({"GAUSSIAN, PIXEL", "GAUSSIAN, NORMALISED", "UNIFORM, PIXEL", "UNIFORM, NORMALISED"})
    void answers_are_those_of_plain_loops(NoiseShape shape, InputSpace space) {
        NormalisedImages images = Shapes.images(60);
        PlainNetwork plain = new PlainNetwork(Shapes.TRAINED, images, space);
        BitSet expected = new BitSet();
        for (int image = 0; image < images.count(); image++) {
            RandomGenerator random = Seeds.generator(Seeds.derive(SEED, "input-noise", 1, image));
            double[] point = plain.point(image);
            for (int j = 0; j < point.length; j++) {
                point[j] += 0.3 * (shape == NoiseShape.GAUSSIAN ? random.nextGaussian() : 2 * random.nextFloat() - 1);
            }
            expected.set(image, plain.isRight(plain.clipped(point), image));
        }

        NoiseResult found = onInputs(shape, space, images, "0.3");

        assertThat(found.correct().get(0).get(1)).isEqualTo(expected);
    }

    @Test
    void without_noise_it_is_the_accuracy_and_draws_differ_with_it() {
        NormalisedImages images = Shapes.images(1_100);
        double clean = Score.of(Shapes.TRAINED, images, Progress.UNWATCHED).accuracy();

        NoiseResult found = onInputs(NoiseShape.GAUSSIAN, InputSpace.PIXEL, images, "0", "0.5");

        assertThat(found.accuracy(0)).isEqualTo(clean);
        assertThat(found.accuracy(1)).isLessThan(clean);
        assertThat(found.correct().get(1).get(0))
                .isNotEqualTo(found.correct().get(1).get(1));
    }

    @Test
    void noise_on_an_image_is_alike_in_batches_of_any_size() {
        NoiseResult few = onInputs(NoiseShape.UNIFORM, InputSpace.PIXEL, Shapes.images(90), "0.3");
        NoiseResult many = onInputs(NoiseShape.UNIFORM, InputSpace.PIXEL, Shapes.images(1_090), "0.3");

        assertThat(many.correct().get(0).get(1).get(0, 90))
                .isEqualTo(few.correct().get(0).get(1));
    }

    @Test
    void noise_of_size_one_has_the_moments_of_its_shape() {
        float[] gaussian = new float[200_000];
        float[] uniform = new float[200_000];

        InputNoise.fillGaussian(gaussian, 0, gaussian.length, Seeds.generator(1));
        InputNoise.fillUniform(uniform, 0, uniform.length, Seeds.generator(1));

        assertThat(mean(gaussian, 1)).isCloseTo(0, within(0.01));
        assertThat(mean(gaussian, 2)).isCloseTo(1, within(0.02));
        assertThat(mean(gaussian, 4)).isCloseTo(3, within(0.15));
        assertThat(mean(uniform, 1)).isCloseTo(0, within(0.01));
        assertThat(mean(uniform, 2)).isCloseTo(1 / 3.0, within(0.01));
    }

    private static double mean(float[] values, int power) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> Math.pow(values[i], power))
                .average()
                .orElseThrow();
    }

    @Test
    void noise_on_weights_is_in_proportion_to_each_tensors_norm() {
        NormalisedImages images = Shapes.images(400);
        Weights weights = Shapes.TRAINED;
        float[] values = weights.copy();
        List<TensorShape> tensors = weights.architecture().tensors();
        for (int t = 0; t < tensors.size(); t++) {
            RandomGenerator random = Seeds.generator(Seeds.derive(SEED, "weight-noise", 1, t));
            float[] tensor = weights.tensor(tensors.get(t));
            double squares = IntStream.range(0, tensor.length)
                    .mapToDouble(i -> tensor[i] * tensor[i])
                    .sum();
            for (int i = 0; i < tensor.length; i++) {
                values[tensors.get(t).offset() + i] +=
                        (float) (0.5 * Math.sqrt(squares / tensor.length) * random.nextGaussian());
            }
        }
        Score expected = Score.of(Weights.owning(weights.architecture(), values), images, Progress.UNWATCHED);

        NoiseResult found = WeightNoise.of(
                new MetricRequest.WeightNoise(Points.of("0", "0.5"), 2), weights, images, SEED, Progress.UNWATCHED);

        assertThat(found.accuracy(0))
                .isEqualTo(Score.of(weights, images, Progress.UNWATCHED).accuracy());
        assertThat(found.correct().get(1).get(1).cardinality() / 400.0).isCloseTo(expected.accuracy(), within(0.005));
        assertThat(found.accuracy(1)).isLessThan(found.accuracy(0));
    }

    @Test
    void progress_rises_to_the_end() {
        double[] seen = {0, 0};
        Progress rising = fraction -> {
            seen[1] += fraction < seen[0] ? 1 : 0;
            seen[0] = fraction;
        };
        NormalisedImages images = Shapes.images(1_200);

        InputNoise.of(
                new MetricRequest.InputNoise(NoiseShape.UNIFORM, Points.of("0.1"), 3, InputSpace.PIXEL),
                Shapes.TRAINED,
                images,
                SEED,
                rising);

        assertThat(Arrays.stream(seen).boxed().toList()).containsExactly(1.0, 0.0);
    }
}
