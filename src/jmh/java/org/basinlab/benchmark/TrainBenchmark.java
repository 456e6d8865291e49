package org.basinlab.benchmark;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.basinlab.network.EngineDescription;
import org.basinlab.network.EngineKind;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Learner;
import org.basinlab.network.Numerics;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Seeds;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * How fast perceptrons train on images in memory, one thread a network; prints one line of JSON. Its peer is
 * {@code src/bench/python/train_peer.py}.
 *
 * <p>Arguments: the work ({@code train-adam-500}, {@code train-sgd-500}, {@code train-adam-128}, {@code two-adam-500},
 * {@code two-sgd-500}), then if wanted the seconds of the measurement and the engine.
 */
public final class TrainBenchmark {

    private static final Architecture.Mlp NETWORK =
            new Architecture.Mlp(RandomImages.PIXELS, List.of(512, 512, 256), RandomImages.CLASSES);
    private static final int IMAGES = 10_000;
    private static final double WARM_UP_SECONDS = 3;

    private TrainBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        String[] work = arguments[0].split("-");
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 10;
        Numerics.use(arguments.length > 2 ? EngineKind.ofLabel(arguments[2]) : Numerics.DEFAULT);
        Optimiser optimiser =
                work[1].equals("adam") ? Optimiser.Adam.withDefaults(1e-3) : new Optimiser.Sgd(1e-3, 0.9);
        int batch = Integer.parseInt(work[2]);
        RandomImages images = new RandomImages(IMAGES, 1);
        EngineDescription engine = Numerics.prepare();
        double[] one = train(images, optimiser, batch, seconds);
        double gflops = gemm();
        String two = "";
        if (work[0].equals("two")) {
            double[] both = both(images, optimiser, batch, seconds);
            two = String.format(
                    Locale.ROOT,
                    ", \"two_over_one\": %.3f, \"two_over_one_by_cpu\": %.3f",
                    both[0] / one[0],
                    both[1] / one[1]);
        }
        System.out.printf(
                Locale.ROOT,
                "{\"work\": \"%s\", \"images_per_second\": %.1f, \"images_per_cpu_second\": %.1f, "
                        + "\"gemm_gflops\": %.1f, \"gflops_of_products\": %.1f, \"engine\": \"%s\", "
                        + "\"blas\": \"%s\", \"kernel\": \"%s\"%s}%n",
                arguments[0],
                one[0],
                one[1],
                gflops,
                one[1] * flopsOfImage() / 1e9,
                engine.engine(),
                engine.blas(),
                engine.kernel(),
                two);
    }

    /** Of the products that are done: forward, by the weights, and by the inputs of all layers but the first. */
    private static double flopsOfImage() {
        double sum = 0;
        List<Integer> widths = NETWORK.widths();
        for (int i = 0; i + 1 < widths.size(); i++) {
            sum += 2.0 * widths.get(i) * widths.get(i + 1) * (i == 0 ? 2 : 3);
        }
        return sum;
    }

    /** Images a second, and images a second of this thread's processor time. */
    private static double[] train(RandomImages images, Optimiser optimiser, int batch, double seconds) {
        int[] order = Seeds.shuffled(images.count(), Seeds.generator(1));
        try (ForwardPass network = new ForwardPass(NETWORK, batch);
                Learner learner = new Learner(network, batch, optimiser, Optional.empty())) {
            network.load(Initialisation.pytorch(NETWORK, 1));
            run(learner, images, order, batch, optimiser.learningRate(), WARM_UP_SECONDS);
            return run(learner, images, order, batch, optimiser.learningRate(), seconds);
        }
    }

    private static double[] run(
            Learner learner, RandomImages images, int[] order, int batch, double rate, double seconds) {
        long began = System.nanoTime();
        long beganCpu = cpuNanos();
        long done = 0;
        int from = 0;
        while (System.nanoTime() - began < seconds * 1e9) {
            learner.step(images, order, from, batch, rate);
            done += batch;
            from = from + 2 * batch <= order.length ? from + batch : 0;
        }
        learner.seen();
        return new double[] {done * 1e9 / (System.nanoTime() - began), done * 1e9 / (cpuNanos() - beganCpu)};
    }

    /** What {@link #train} gives, summed over two networks in two threads. */
    private static double[] both(RandomImages images, Optimiser optimiser, int batch, double seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<double[]>> trainings = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                trainings.add(threads.submit(() -> train(images, optimiser, batch, seconds)));
            }
            double[] left = trainings.get(0).get();
            double[] right = trainings.get(1).get();
            return new double[] {left[0] + right[0], left[1] + right[1]};
        } finally {
            threads.shutdown();
        }
    }

    /** The median rate of SGEMM 512×512×3072, in GF/s of this thread's processor time. */
    private static double gemm() {
        int n = 512;
        int k = 3_072;
        try (FloatPointer a = random(n * k);
                FloatPointer b = random(n * k);
                FloatPointer c = random(n * n)) {
            double[] rates = new double[9];
            for (int round = 0; round < rates.length; round++) {
                long began = cpuNanos();
                for (int i = 0; i < 20; i++) {
                    openblas.cblas_sgemm(
                            openblas.CblasColMajor,
                            openblas.CblasTrans,
                            openblas.CblasNoTrans,
                            n,
                            n,
                            k,
                            1,
                            a,
                            k,
                            b,
                            k,
                            0,
                            c,
                            n);
                }
                rates[round] = 20 * 2.0 * n * n * k / (cpuNanos() - began);
            }
            Arrays.sort(rates);
            return rates[rates.length / 2];
        }
    }

    private static FloatPointer random(int count) {
        float[] values = new float[count];
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return new FloatPointer(values);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
