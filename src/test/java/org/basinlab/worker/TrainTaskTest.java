package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.Dataset;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

class TrainTaskTest {

    private static final WorkerConfig NO_FOLDERS = new WorkerConfig() {
        @Override
        public Optional<String> dataPath() {
            return Optional.empty();
        }

        @Override
        public MemorySize networkCache() {
            return new MemorySize(BigInteger.ZERO);
        }
    };

    private static final TaskSpec.Train SPEC = new TaskSpec.Train(
            new DatasetRef(
                    KnownDataset.SYNTHETIC_SHAPES,
                    new Normalisation.Named(Normalisation.Choice.TRAIN),
                    Optional.empty()),
            new Architecture.Mlp(3072, List.of(2), 10),
            new TrainingRecipe(1, 1_000, new Optimiser.Sgd(0.01, 0), Schedule.CONSTANT, Augmentation.NONE),
            1);

    /** Says when it had given the data out. */
    private static final class WatchedShelf extends DataShelf {

        private long opened;

        WatchedShelf() {
            super(NO_FOLDERS);
        }

        @Override
        Dataset open(DatasetRef reference, Optional<String> digest) {
            Dataset dataset = super.open(reference, digest); // draws 12,000 images
            opened = System.nanoTime();
            return dataset;
        }
    }

    @Test
    void seconds_are_those_of_the_training_alone() {
        WatchedShelf data = new WatchedShelf();

        TaskOutcome outcome = new TrainTask(data).run(SPEC, Optional.empty(), Progress.UNWATCHED);
        double sinceOpened = (System.nanoTime() - data.opened) / 1e9;

        assertThat(outcome).isInstanceOfSatisfying(TaskOutcome.Succeeded.class, succeeded -> {
            double seconds = succeeded.measurements().stream()
                    .filter(measured -> measured.metric().equals("seconds"))
                    .mapToDouble(Measurement::value)
                    .sum();
            assertThat(seconds).isPositive().isLessThan(sinceOpened);
        });
    }
}
