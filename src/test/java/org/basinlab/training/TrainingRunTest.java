package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.basinlab.network.AddressSpace;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;

class TrainingRunTest {

    private static final int INPUTS = 10_000;

    /** So many examples of {@value #INPUTS} inputs, none of which is ever read. */
    private record Unread(int count) implements Examples {

        @Override
        public int inputs() {
            return INPUTS;
        }

        @Override
        public int label(int index) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void fill(int[] order, int from, int count, FloatBuffer into) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void a_run_that_cannot_be_made_leaves_no_memory_behind() throws IOException {
        Architecture.Mlp narrow = new Architecture.Mlp(INPUTS, List.of(1), 2); // on the heap it is small
        TrainingRecipe recipe =
                new TrainingRecipe(1, 10, new Optimiser.Sgd(0.1, 0), Schedule.CONSTANT, Augmentation.NONE);
        IntFunction<ForwardPass> networks = images -> new ForwardPass(narrow, images);
        long before = AddressSpace.bytes();

        for (int i = 0; i < 20; i++) { // 40 MB each for a batch of the test
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TrainingRun(
                            networks, recipe, TrainingExamples.same(new Unread(0)), new Unread(1_000), 1))
                    .withMessage("a batch must have 1 to 1000 images, had 0");
        }

        assertThat(AddressSpace.bytes() - before).isLessThan(300_000_000);
    }
}
