package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.EngineKind;
import org.basinlab.network.Engines;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Learner;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.recipe.WarmUp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the steps of both engines with PyTorch's in float64; see the README of the resources. */
class PyTorchStepsTest {

    private static final JsonNode ORACLE = read();
    private static final int BATCH = 5;
    private static final double FLOAT32 = 1e-5;

    private static final Optimiser.Adam ADAM = Optimiser.Adam.withDefaults(0.02);

    private record Case(String name, Optimiser optimiser, double l1, double l2) {}

    private static final List<Case> CASES = List.of(
            new Case("sgd", new Optimiser.Sgd(0.3, 0), 0, 0),
            new Case("momentum", new Optimiser.Sgd(0.1, 0.9), 0, 0),
            new Case("nesterov", new Optimiser.Sgd(0.1, 0.9, true), 0, 0),
            new Case("adam", ADAM, 0, 0),
            new Case("adam-settings", new Optimiser.Adam(0.02, 0.5, 0.9, 0.01), 0, 0),
            new Case("adamw", new Optimiser.AdamW(ADAM, 0.5), 0, 0),
            new Case("momentum-l2", new Optimiser.Sgd(0.1, 0.9), 0, 0.05),
            new Case("nesterov-l1-l2", new Optimiser.Sgd(0.1, 0.9, true), 0.01, 0.05),
            new Case("adam-l2", ADAM, 0, 0.05),
            new Case("adam-l1", ADAM, 0.01, 0),
            new Case("adamw-l1", new Optimiser.AdamW(ADAM, 0.5), 0.01, 0));

    private static JsonNode read() {
        try (InputStream json = PyTorchStepsTest.class.getResourceAsStream("/training/pytorch_steps.json")) {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> casesOnEngines() {
        return Stream.of(EngineKind.values()).flatMap(engine -> CASES.stream().map(one -> Arguments.of(engine, one)));
    }

    @ParameterizedTest
    @MethodSource("casesOnEngines")
    void twenty_steps_are_those_of_pytorch(EngineKind engine, Case one) {
        Architecture.Mlp architecture = new Architecture.Mlp(6, List.of(5, 4), 3);
        ArrayExamples examples = examples();
        JsonNode expected = ORACLE.get("cases").get(one.name);
        Optional<Penalty> penalty = one.l1 + one.l2 > 0 ? Optional.of(new Penalty(one.l1, one.l2)) : Optional.empty();

        try (ForwardPass network = Engines.networks(engine, architecture).apply(BATCH);
                Learner learner = new Learner(network, BATCH, one.optimiser, penalty)) {
            network.load(Weights.owning(architecture, floats(ORACLE.get("start"))));
            for (int step = 0; step < 20; step++) {
                int first = BATCH * step;
                int[] order = IntStream.range(first, first + BATCH)
                        .map(i -> i % examples.count())
                        .toArray();
                learner.countFrom(Tally.NONE);
                learner.step(examples, order, 0, BATCH, one.optimiser.learningRate() * (1 - 0.04 * step));
                assertThat(learner.seen().loss())
                        .as("loss of step %d", step)
                        .isCloseTo(expected.get("losses").get(step).asDouble(), within(FLOAT32));
            }

            assertThat(network.snapshot().copy())
                    .containsExactly(floats(expected.get("weights")), within((float) FLOAT32));
        }
    }

    static Stream<Arguments> schedules() {
        WarmUp warmUp = new WarmUp(2, 0.25);
        Schedule cosineOfSteps = new Schedule.Cosine(Schedule.Tick.STEP);
        return Stream.of(
                Arguments.of("cosine", recipe(Schedule.COSINE)),
                Arguments.of("cosine-step", recipe(cosineOfSteps)),
                Arguments.of("multi-step", recipe(new Schedule.MultiStep(List.of(2, 4), 0.1))),
                Arguments.of("warm-up-cosine-step", recipe(cosineOfSteps).withWarmUp(warmUp)),
                Arguments.of(
                        "warm-up-multi-step",
                        recipe(new Schedule.MultiStep(List.of(4), 0.1)).withWarmUp(warmUp)));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void learning_rates_are_those_of_pytorch(String name, TrainingRecipe recipe) {
        JsonNode expected = ORACLE.get("schedules").get(name);

        double[] rates = IntStream.range(0, 24)
                .mapToDouble(step -> recipe.learningRate(step / 4, step % 4, 4))
                .toArray();

        double[] theirs = StreamSupport.stream(expected.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        assertThat(rates).containsExactly(theirs, within(1e-12));
    }

    private static TrainingRecipe recipe(Schedule schedule) {
        return new TrainingRecipe(6, 10, new Optimiser.Sgd(0.4, 0), schedule, Augmentation.NONE);
    }

    private static ArrayExamples examples() {
        JsonNode inputs = ORACLE.get("inputs");
        float[][] values = new float[inputs.size()][];
        int[] labels = new int[inputs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = floats(inputs.get(i));
            labels[i] = ORACLE.get("labels").get(i).asInt();
        }
        return new ArrayExamples(values, labels);
    }

    private static float[] floats(JsonNode numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.get(i).asDouble();
        }
        return values;
    }
}
