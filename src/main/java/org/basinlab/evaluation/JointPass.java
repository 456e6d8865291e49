package org.basinlab.evaluation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;

/**
 * Several networks that answer as one, by what an {@link OutputMean} makes of their logits. The networks may be of several
 * architectures as long as they agree in inputs and classes; memory is taken for one of each architecture.
 */
final class JointPass implements AutoCloseable {

    /** Memory for the networks of one architecture, and whose weights lie in it. */
    private static final class Seat {

        private final ForwardPass pass;
        /** Index of a network; none has −1. */
        private int loaded = -1;

        private Seat(ForwardPass pass) {
            this.pass = pass;
        }
    }

    private final List<Weights> networks;
    private final OutputMean mean;
    private final int classes;
    private final int mostImages;
    private final Map<Architecture, Seat> seats = new HashMap<>();

    /** @throws IllegalArgumentException if there is no network, or they differ in inputs or classes */
    private JointPass(List<Weights> networks, OutputMean mean, int mostImages) {
        requireAlike(networks);
        this.networks = networks;
        this.mean = mean;
        this.mostImages = mostImages;
        classes = networks.get(0).architecture().classes();
    }

    /** Runs them over all examples in their order, {@link Tally#BATCH} at a time. */
    static void over(
            List<Weights> networks, OutputMean mean, Examples examples, Progress progress, Answering.Visitor visitor) {
        int[] order = new int[examples.count()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        try (JointPass joint = new JointPass(networks, mean, Math.min(Tally.BATCH, order.length))) {
            for (int from = 0; from < order.length; from += Tally.BATCH) {
                int images = Math.min(Tally.BATCH, order.length - from);
                float[] logits = joint.logits(examples, order, from, images);
                int[] labels = new int[images];
                for (int i = 0; i < images; i++) {
                    labels[i] = examples.label(from + i);
                }
                visitor.visit(from, labels, logits);
                progress.at((double) (from + images) / order.length);
            }
        }
    }

    private float[] logits(Examples examples, int[] order, int from, int images) {
        double[] sum = mean.start(images * classes);
        Map<Architecture, Seat> filled = new HashMap<>();
        for (int k = 0; k < networks.size(); k++) {
            Seat seat = seat(k);
            if (filled.put(networks.get(k).architecture(), seat) == null) {
                seat.pass.take(examples, order, from, images);
            }
            seat.pass.run(images);
            mean.add(k, seat.pass.logits(images), sum, classes);
        }
        return mean.of(sum, networks.size());
    }

    /** Where network {@code k} is ready to run. */
    private Seat seat(int k) {
        Weights network = networks.get(k);
        Seat seat = seats.computeIfAbsent(
                network.architecture(), architecture -> new Seat(new ForwardPass(architecture, mostImages)));
        if (seat.loaded != k) {
            seat.pass.load(network);
            seat.loaded = k;
        }
        return seat;
    }

    private static void requireAlike(List<Weights> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("at least one network must answer, there was none");
        }
        Architecture first = networks.get(0).architecture();
        for (Weights network : networks) {
            Architecture other = network.architecture();
            if (other.inputs() != first.inputs() || other.classes() != first.classes()) {
                throw new IllegalArgumentException(
                        "networks that answer together must have equal inputs and classes, were %s and %s"
                                .formatted(first.label(), other.label()));
            }
        }
    }

    @Override
    public void close() {
        seats.values().forEach(seat -> seat.pass.close());
    }
}
