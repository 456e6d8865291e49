package org.basinlab.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.EngineKind;
import org.basinlab.network.Engines;
import org.basinlab.network.FreshProcess;
import org.basinlab.network.Safetensors;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Same seed, same engine, same number of threads: the same checkpoint. */
class DeterminismTest {

    /** Wide enough for BLAS's blocked kernels. */
    private static final Architecture.Mlp NETWORK = new Architecture.Mlp(300, List.of(160, 90), 10);

    private static final ArrayExamples TRAIN = ArrayExamples.clusters(450, 300, 10, 1);
    private static final ArrayExamples TEST = ArrayExamples.clusters(120, 300, 10, 2);
    private static final int TRAININGS = 4;

    /** Prints the digest of the network that the engine named by the argument trains. */
    static final class Probe {
        public static void main(String[] arguments) {
            System.out.println(digest(EngineKind.valueOf(arguments[0])));
        }
    }

    private static String digest(EngineKind engine) {
        StringBuilder digests = new StringBuilder();
        for (Optimiser optimiser : List.of(Optimiser.Adam.withDefaults(0.002), new Optimiser.Sgd(0.05, 0.9, true))) {
            TrainingRecipe recipe = new TrainingRecipe(2, 64, optimiser, Schedule.COSINE, Augmentation.NONE);
            TrainedNetwork trained =
                    new Trainer(Engines.networks(engine, NETWORK), recipe).train(TRAIN, TEST, 5, Progress.UNWATCHED);
            digests.append(Digests.of(Safetensors.write(trained.weights(), Map.of())));
            digests.append(trained.epochs());
        }
        return Digests.of(digests.toString().getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void another_process_gives_the_same_digest(EngineKind engine) throws IOException, InterruptedException {
        String here = digest(engine);

        String there = FreshProcess.run(Probe.class, entry -> true, engine.name());

        assertThat(there).endsWith(here);
    }

    @ParameterizedTest
    @EnumSource
    void trainings_side_by_side_on_a_busy_machine_give_the_same_digest(EngineKind engine) throws Exception {
        String alone = digest(engine);
        AtomicBoolean over = new AtomicBoolean();
        int cores = Runtime.getRuntime().availableProcessors();
        ExecutorService threads = Executors.newCachedThreadPool();

        try {
            for (int i = 0; i < cores; i++) {
                threads.submit(() -> burn(over));
            }
            List<Callable<String>> trainings = new ArrayList<>();
            for (int i = 0; i < TRAININGS; i++) {
                trainings.add(() -> digest(engine));
            }
            for (Future<String> training : threads.invokeAll(trainings)) {
                assertThat(training.get()).isEqualTo(alone);
            }
        } finally {
            over.set(true);
            threads.shutdown();
        }
    }

    /** Keeps a core busy, its caches and memory too. */
    private static double burn(AtomicBoolean over) {
        double[] values = new double[1 << 20];
        double sum = 0;
        for (int i = 0; !over.get(); i++) {
            values[i * 8_191 & (values.length - 1)] += i;
            sum += values[i & (values.length - 1)];
        }
        return sum;
    }
}
