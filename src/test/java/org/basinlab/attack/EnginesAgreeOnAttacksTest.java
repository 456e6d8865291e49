package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.EngineKind;
import org.basinlab.network.FreshProcess;
import org.basinlab.network.Numerics;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.VectorNorm;
import org.junit.jupiter.api.Test;

/** ND4J in a process of its own, since a process computes with one engine. */
class EnginesAgreeOnAttacksTest {

    private static final int IMAGES = 100;
    /** Two images that lie on a boundary as far as float32 sees, and distances after a few steps in float32. */
    private static final double ROUNDING = 0.02;

    /** Prints {@link #numbers} of the engine that is named. */
    public static final class Attacked {

        private Attacked() {}

        public static void main(String[] arguments) throws JsonProcessingException {
            Numerics.use(EngineKind.ofLabel(arguments[0]));
            System.out.println(new ObjectMapper().writeValueAsString(numbers()));
        }
    }

    private static List<Double> numbers() {
        Weights weights = Shapes.TRAINED;
        NormalisedImages images = Shapes.images(IMAGES);
        Points points = Points.of("0", "0.01", "0.05");
        InputSpace space = InputSpace.PIXEL;
        List<Double> numbers = new ArrayList<>();
        add(numbers, Fgsm.of(new MetricRequest.Fgsm(points, space), weights, images, Progress.UNWATCHED));
        for (VectorNorm norm : VectorNorm.values()) {
            add(
                    numbers,
                    Pgd.of(new MetricRequest.Pgd(norm, points, 4, 1, space), weights, images, 1, Progress.UNWATCHED));
            DeepFoolResult found = DeepFool.of(
                    new MetricRequest.DeepFool(norm, points, 50, 0.02, space), weights, images, Progress.UNWATCHED);
            numbers.addAll(List.of(found.mean(), found.median(), found.rho()));
            add(numbers, found.atBudgets());
        }
        NoiseResult noise = InputNoise.of(
                new MetricRequest.InputNoise(NoiseShape.GAUSSIAN, points, 2, space),
                weights,
                images,
                1,
                Progress.UNWATCHED);
        numbers.addAll(List.of(noise.accuracy(0), noise.accuracy(1), noise.accuracy(2)));
        return numbers;
    }

    private static void add(List<Double> numbers, AttackResult result) {
        for (int i = 0; i < result.points().size(); i++) {
            numbers.add(result.accuracy(i));
        }
    }

    @Test
    void both_engines_find_the_same() throws IOException, InterruptedException {
        List<Double> expected = numbers();

        String printed = FreshProcess.run(Attacked.class, entry -> true, EngineKind.ND4J.label());

        String json = printed.substring(printed.lastIndexOf('['));
        double[] found = new ObjectMapper().readValue(json, double[].class);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("number %d", i).isCloseTo(expected.get(i), within(ROUNDING));
        }
    }
}
