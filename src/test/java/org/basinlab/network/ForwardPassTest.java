package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForwardPassTest {

    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(13, List.of(11, 7), 4);

    private final ArrayExamples examples = ArrayExamples.clusters(37, 13, 4, 5);
    private final int[] inOrder = IntStream.range(0, 37).toArray();

    @ParameterizedTest
    @EnumSource
    void logits_agree_with_float64_loops(EngineKind engine) {
        Weights weights = Initialisation.pytorch(NETWORK, 3);
        ReferenceMlp reference = new ReferenceMlp(weights);

        try (ForwardPass forward = Engines.networks(engine, NETWORK).apply(37)) {
            forward.load(weights);
            forward.take(examples, inOrder, 0, 37);
            forward.run(37);

            for (int i = 0; i < 37; i++) {
                double[] expected = reference.forward(examples.inputsOf(i))[3];
                for (int c = 0; c < 4; c++) {
                    assertThat((double) forward.logits(37).get(4 * i + c)).isCloseTo(expected[c], within(1e-6));
                }
            }
        }
    }

    @Test
    void weights_come_back_as_they_were_loaded() {
        Weights weights = Initialisation.pytorch(NETWORK, 3);

        try (ForwardPass forward = ForwardPass.of(weights, 1)) {
            assertThat(forward.snapshot().copy()).containsExactly(weights.copy());
        }
    }

    @Test
    void what_does_not_fit_is_refused_with_what_would() {
        try (ForwardPass forward = new ForwardPass(NETWORK, 40)) {
            Architecture.Mlp other = new Architecture.Mlp(13, List.of(11), 4);

            assertThatThrownBy(() -> forward.run(41)).hasMessage("a batch must have 1 to 40 images, had 41");
            assertThatThrownBy(() -> forward.load(Initialisation.pytorch(other, 1)))
                    .hasMessage("weights must be those of 13-11-7-4, were those of 13-11-4");
            assertThatThrownBy(() -> forward.take(ArrayExamples.clusters(3, 12, 4, 1), inOrder, 0, 3))
                    .hasMessage("13-11-7-4 takes 13 inputs, the examples have 12");
            assertThatThrownBy(() -> forward.take(new ArrayExamples(new float[2][13], new int[] {0, 4}), inOrder, 0, 2))
                    .hasMessage("the label of example 1 must lie in [0, 3], was 4");
        }
        assertThatThrownBy(() -> new ForwardPass(new Architecture.Mlp(3072, List.of(8192), 10), 100_000))
                .hasMessageStartingWith("one block of memory holds 1 to 536870911 values, was asked for ");
    }

    @Test
    void what_a_recipe_allows_fits_into_a_block_of_memory() {
        assertThat(Architecture.MOST_PARAMETERS).isLessThanOrEqualTo(Engine.MOST_FLOATS);
        assertThat(TrainingRecipe.MOST_VALUES_OF_BATCH).isLessThanOrEqualTo(Engine.MOST_FLOATS);
    }

    @ParameterizedTest
    @EnumSource
    void a_closed_pass_refuses_to_work_and_closes_twice(EngineKind engine) {
        ForwardPass forward = Engines.networks(engine, NETWORK).apply(2);

        forward.close();
        forward.close();

        assertThatThrownBy(() -> forward.run(2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> forward.inputs(2)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void networks_that_are_closed_leave_no_memory_behind() throws IOException {
        Architecture.Mlp large = new Architecture.Mlp(3072, List.of(2_000), 10); // 25 MB, and as much gradient
        long before = AddressSpace.bytes();

        for (int i = 0; i < 25; i++) {
            try (ForwardPass forward = new ForwardPass(large, 10);
                    Learner learner = new Learner(forward, 10, new Optimiser.Sgd(0.1, 0), Optional.empty())) {
                learner.step(ArrayExamples.clusters(10, 3072, 10, 1), inOrder, 0, 10, 0.1);
            }
        }

        assertThat(AddressSpace.bytes() - before).isLessThan(400_000_000);
    }

    @Test
    void a_pass_that_finds_no_memory_for_its_batch_gives_back_that_of_its_weights() throws IOException {
        Architecture.Mlp large = new Architecture.Mlp(3072, List.of(2_000), 10); // 25 MB
        long before = AddressSpace.bytes();

        for (int i = 0; i < 25; i++) {
            assertThatThrownBy(() -> new ForwardPass(large, 110_000))
                    .hasMessageEndingWith("was asked for " + 110_000 * (3072L + 2_000 + 10));
        }

        assertThat(AddressSpace.bytes() - before).isLessThan(200_000_000);
    }
}
