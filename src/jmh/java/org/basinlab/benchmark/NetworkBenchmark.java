package org.basinlab.benchmark;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Learner;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vgg16;
import org.basinlab.recipe.Vit;

/**
 * How fast networks of convolutions train on images in memory, by SGD with momentum on one thread; prints one line of JSON. Its
 * peer is {@code src/bench/python/network_peer.py}.
 *
 * <p>Arguments: the work ({@code resnet20-layer-128}: network of width 1, normalisation, batch; networks {@code resnet20},
 * {@code vgg16}, {@code vit}), then if wanted the seconds of the measurement.
 */
public final class NetworkBenchmark {

    private static final Extent IMAGE = new Extent(3, 32, 32);
    private static final int IMAGES = 2_000;
    private static final int WARM_UP_STEPS = 2;
    private static final double RATE = 1e-3;

    private NetworkBenchmark() {}

    public static void main(String[] arguments) {
        String[] work = arguments[0].split("-");
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 10;
        Architecture architecture = architecture(work[0], Norm.valueOf(work[1].toUpperCase(Locale.ROOT)));
        int batch = Integer.parseInt(work[2]);
        RandomImages images = new RandomImages(IMAGES, 1);
        int[] order = Seeds.shuffled(images.count(), Seeds.generator(1));
        try (ForwardPass network = new ForwardPass(architecture, batch);
                Learner learner = new Learner(network, batch, new Optimiser.Sgd(RATE, 0.9), Optional.empty())) {
            network.load(Initialisation.pytorch(architecture, 1));
            for (int step = 0; step < WARM_UP_STEPS; step++) {
                learner.step(images, order, step * batch, batch, RATE);
            }
            double[] rates = run(learner, images, order, batch, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "{\"work\": \"%s\", \"images_per_second\": %.1f, \"images_per_cpu_second\": %.1f, "
                            + "\"forward_gflop_of_image\": %.3f, \"library\": \"%s\", \"kernel\": \"%s\"}%n",
                    arguments[0],
                    rates[0],
                    rates[1],
                    architecture.graph().operationsOfImage() / 1e9,
                    network.engine().blas(),
                    network.engine().kernel());
        }
    }

    private static Architecture architecture(String name, Norm norm) {
        return switch (name) {
            case "resnet20" -> new ResNet20(IMAGE, 1, norm, 3, RandomImages.CLASSES);
            case "vgg16" -> new Vgg16(IMAGE, 1, norm, 2, RandomImages.CLASSES);
            case "vit" -> new Vit(IMAGE, 4, 192, 12, 3, RandomImages.CLASSES);
            default -> throw new IllegalArgumentException("the network must be resnet20, vgg16 or vit, was " + name);
        };
    }

    /** Images a second, and images a second of processor time. */
    private static double[] run(Learner learner, RandomImages images, int[] order, int batch, double seconds) {
        long began = System.nanoTime();
        long beganCpu = cpuNanos();
        long done = 0;
        int from = 0;
        while (System.nanoTime() - began < seconds * 1e9) {
            learner.step(images, order, from, batch, RATE);
            done += batch;
            from = from + 2 * batch <= order.length ? from + batch : 0;
        }
        return new double[] {done * 1e9 / (System.nanoTime() - began), done * 1e9 / (cpuNanos() - beganCpu)};
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
