package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.training.TrainingWatch;
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

        @Override
        public Duration resumeEvery() {
            return Duration.ofHours(1);
        }
    };

    private static final String EVERY_OPTION = """
            study: options
            dataset: { name: synthetic-shapes, normalise: half }
            network: { mlp: { hidden: [4] } }
            training:
              seeds: { from: 0, count: 2 }
              epochs: 2
              batch: 250
              optimiser: { adam: { learningRate: 0.001 } }
              subset: { fraction: 0.06 }
            arms:
              momentum: { training: { optimiser: { sgd: { learningRate: 0.01, momentum: 0.9 } } } }
              nesterov: { training: { optimiser: { sgd: { learningRate: 0.01, momentum: 0.9, nesterov: true } } } }
              adamw: { training: { optimiser: { adamw: { learningRate: 0.001, weightDecay: 0.5 } } } }
              l1: { training: { l1: 0.01 } }
              l2: { training: { l2: 0.1 } }
              cosine: { training: { schedule: cosine } }
              cosine-steps: { training: { schedule: { cosine: { every: step } } } }
              multi-step: { training: { schedule: { multi-step: { epochs: [1], factor: 0.2 } } } }
              warm-up: { training: { warmUp: { epochs: 1, from: 0.00001 } } }
              crop-flip: { training: { augmentation: crop-flip } }
              git-rebasin: { training: { augmentation: git-rebasin } }
              drawn: { training: { subset: { seed: 7 } } }
              rest: { training: { subset: { fraction: 0.94, seed: 7, part: rest } } }
              favoured: { training: { subset: { fraction: 0, favoured: { classes: [0, 1, 2], fraction: 0.2 } } } }
            """;

    @Test
    void every_option_of_a_recipe_trains_and_makes_a_network_of_its_own() {
        DataShelf data = new DataShelf(NO_FOLDERS, new DataKeeping(null));
        TrainTask task = new TrainTask(data, null, null, null, NO_FOLDERS);
        Study study = StudyFile.read(EVERY_OPTION, "options.yaml");
        Map<String, String> arms = new TreeMap<>();
        for (Arm arm : study.arms()) {
            TaskSpec.Train spec = new TaskSpec.Train(arm.dataset(), arm.network(), arm.training(), 3);

            TaskOutcome outcome = task.run(
                    spec,
                    data.open(arm.dataset(), Optional.empty()),
                    Optional.empty(),
                    TrainingWatch.of(Progress.UNWATCHED));

            assertThat(outcome).as(arm.name()).isInstanceOfSatisfying(TaskOutcome.Succeeded.class, succeeded -> {
                Weights weights = Safetensors.read(
                                succeeded.network().orElseThrow().checkpoint())
                        .weights();
                String earlier = arms.putIfAbsent(Digests.of(bytes(weights)), arm.name());
                assertThat(earlier)
                        .as("a network equal to that of " + arm.name())
                        .isNull();
                assertThat(succeeded.measurements())
                        .filteredOn(measured -> measured.split().equals(Optional.of(Split.TRAIN)))
                        .hasSize(4)
                        .allSatisfy(measured -> assertThat(measured.images()).hasValue(600));
            });
        }
        assertThat(arms).hasSize(15);
    }

    private static byte[] bytes(Weights weights) {
        ByteBuffer bytes = ByteBuffer.allocate(weights.size() * Float.BYTES);
        bytes.asFloatBuffer().put(weights.copy());
        return bytes.array();
    }
}
