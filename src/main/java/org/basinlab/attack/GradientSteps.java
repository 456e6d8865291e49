package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.CrossEntropy;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.InputGradients;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.VectorNorm;

/**
 * Many steps within a ball, by which images that still withstand are led away from their label. Where a gradient is zero or
 * not finite no step is taken.
 */
final class GradientSteps implements AutoCloseable {

    /** Steps reach 2.5 times as far as the ball (Madry et al. 2018). */
    private static final double REACH = 2.5;
    /** Shorter gradients are lengthened before they are divided by their length. */
    private static final double SHORT = 0x1p-100;

    private static final float LENGTHENED = 0x1p100f;

    private final MetricRequest.Pgd request;
    private final NormalisedImages images;
    private final long seed;
    private final int width;
    private final int batch;
    private final ForwardPass network;
    private final InputGradients gradients;
    private final Originals originals;
    /** How far each image of the batch was moved, in the space of the attack. */
    private final float[] change;

    private final float[] gradient;
    /** The places in the batch of images that still withstand, ascending, and how many they are. */
    private final int[] active;

    private int count;
    private final int[] labels;

    GradientSteps(MetricRequest.Pgd request, Weights weights, NormalisedImages images, long seed) {
        this.request = request;
        this.images = images;
        this.seed = seed;
        width = images.inputs();
        batch = Math.min(Tally.BATCH, images.count());
        originals = new Originals(images, request.space(), batch);
        change = new float[batch * width];
        gradient = new float[width];
        active = new int[batch];
        labels = new int[batch];
        network = ForwardPass.of(weights, batch);
        try {
            gradients = new InputGradients(network, batch);
        } catch (RuntimeException | Error e) {
            network.close(); // nobody else can: this was never made
            throw e;
        }
    }

    /** Which of the images that are set in {@code of} withstand all steps within a budget. */
    BitSet withstood(double budget, BitSet of, Progress progress) {
        int[] order = of.stream().toArray();
        BitSet withstood = new BitSet();
        for (int from = 0; from < order.length; from += batch) {
            int taken = Math.min(batch, order.length - from);
            originals.take(order, from, taken);
            for (count = 0; count < taken; count++) {
                active[count] = count;
            }
            for (int restart = 0; restart < request.restarts() && count > 0; restart++) {
                attack(budget, restart, order, from);
                progress.at((from + taken * (restart + 1.0) / request.restarts()) / order.length);
            }
            for (int i = 0; i < count; i++) {
                withstood.set(order[from + active[i]]);
            }
        }
        return withstood;
    }

    private void attack(double budget, int restart, int[] order, int from) {
        for (int i = 0; i < count; i++) {
            start(budget, restart, order[from + active[i]], active[i]);
        }
        int ran = answer(order, from);
        for (int step = 0; step < request.steps() && count > 0; step++) {
            while (count < ran && count > 0) {
                ran = answer(order, from); // without those that gave way: their gradients are not needed
            }
            if (count == 0) {
                return;
            }
            FloatBuffer found = gradients.ofLoss(labels, count);
            for (int i = 0; i < count; i++) {
                found.get(i * width, gradient);
                if (isFinite(gradient)) {
                    move(budget, active[i]);
                }
            }
            ran = answer(order, from);
        }
    }

    /** Runs the images that are left, then leaves out those that are not classified as their label; how many were run. */
    private int answer(int[] order, int from) {
        FloatBuffer inputs = network.inputs(count);
        for (int i = 0; i < count; i++) {
            originals.put(active[i], change, active[i] * width, 1, inputs, i);
            labels[i] = images.label(order[from + active[i]]);
        }
        network.run(count);
        FloatBuffer logits = network.logits(count);
        float[] row = new float[network.architecture().classes()];
        int ran = count;
        count = 0;
        for (int i = 0; i < ran; i++) {
            logits.get(i * row.length, row);
            if (CrossEntropy.isHit(row, labels[i])) {
                labels[count] = labels[i];
                active[count++] = active[i];
            }
        }
        return ran;
    }

    /** Uniform in the ball, by the same draws for every budget. */
    private void start(double budget, int restart, int image, int place) {
        int at = place * width;
        RandomGenerator random = Seeds.generator(Seeds.derive(seed, "pgd", restart, image));
        if (request.norm() == VectorNorm.LINF) {
            InputNoise.fillUniform(change, at, width, random);
            scale(change, at, width, (float) budget);
        } else {
            InputNoise.fillGaussian(change, at, width, random);
            double radius = budget * Math.pow(random.nextDouble(), 1.0 / width);
            scale(change, at, width, (float) (radius / norm(change, at, width)));
        }
        originals.clip(place, change, at);
    }

    /** One step along {@link #gradient}, which is by the network's inputs: their scale leads to the attack's space. */
    private void move(double budget, int place) {
        int at = place * width;
        float size = (float) (REACH * budget / request.steps());
        if (request.norm() == VectorNorm.LINF) {
            addSigns(change, at, gradient, size, (float) budget);
        } else {
            multiply(gradient, originals.scale());
            double length = norm(gradient, 0, width);
            if (length > 0 && length < SHORT) { // its inverse would be too large for a float
                scale(gradient, 0, width, LENGTHENED);
                length = norm(gradient, 0, width);
            }
            if (length > 0 && length < Double.POSITIVE_INFINITY) {
                add(change, at, gradient, (float) (size / length));
            }
            double reached = norm(change, at, width);
            if (reached > budget) {
                scale(change, at, width, (float) (budget / reached));
            }
        }
        originals.clip(place, change, at);
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static void addSigns(float[] change, int at, float[] gradient, float size, float budget) {
        for (int j = 0; j < gradient.length; j++) {
            float moved = change[at + j] + size * Math.signum(gradient[j]);
            change[at + j] = Math.max(-budget, Math.min(budget, moved));
        }
    }

    private static void add(float[] change, int at, float[] gradient, float size) {
        for (int j = 0; j < gradient.length; j++) {
            change[at + j] += size * gradient[j];
        }
    }

    private static void multiply(float[] values, float[] factors) {
        for (int j = 0; j < values.length; j++) {
            values[j] *= factors[j];
        }
    }

    private static void scale(float[] values, int at, int count, float factor) {
        for (int j = at; j < at + count; j++) {
            values[j] *= factor;
        }
    }

    private static double norm(float[] values, int at, int count) {
        double squares = 0;
        for (int j = at; j < at + count; j++) {
            squares += (double) values[j] * values[j];
        }
        return Math.sqrt(squares);
    }

    @Override
    public void close() {
        gradients.close();
        network.close();
    }
}
