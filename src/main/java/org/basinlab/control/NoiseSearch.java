package org.basinlab.control;

import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/**
 * Adds Gaussian noise to the trained tensors of a leaf and finds by bisection how much of it brings its accuracy to the target's: s·‖W‖_F/√n of
 * standard deviation on each of the n values of a tensor, always the same draw, only longer or shorter.
 */
final class NoiseSearch {

    static final String NOISE = "control-noise";

    private static final double FIRST = 0.125;
    private static final int MOST_DOUBLINGS = 10;
    private static final int MOST_HALVINGS = 12;

    private final Weights leaf;
    private final Nearest nearest;
    private final Rising progress;
    /** What s = 1 adds. */
    private final float[] noise;

    private int looks;

    NoiseSearch(Weights leaf, Weights target, ControlData data, long seed, Rising progress) {
        this.leaf = leaf;
        this.progress = progress;
        nearest = new Nearest(target, data.images(), progress);
        noise = noise(leaf, seed);
    }

    private static float[] noise(Weights leaf, long seed) {
        float[] noise = new float[leaf.size()];
        List<TensorShape> tensors = leaf.architecture().tensors();
        for (int t = 0; t < tensors.size(); t++) {
            TensorShape shape = tensors.get(t);
            if (!shape.isParameter()) {
                continue;
            }
            RandomGenerator random = Seeds.generator(Seeds.derive(seed, "noise-of-tensor", t));
            double deviation = Tensors.norm(leaf, shape) / Math.sqrt(shape.size());
            for (int i = shape.offset(); i < shape.offset() + shape.size(); i++) {
                noise[i] = (float) (deviation * random.nextGaussian());
            }
        }
        return noise;
    }

    /** The leaf itself, with noise 0, where its accuracy is no higher than the target's. */
    ControlNetwork find() {
        if (nearest.offer(leaf, 0) <= 0) {
            return nearest.found(NOISE);
        }
        double little = 0;
        double much = FIRST;
        int doublings = 0;
        while (isAbove(much) && doublings < MOST_DOUBLINGS && !nearest.isClose()) {
            little = much;
            much *= 2;
            doublings++;
        }
        for (int i = 0; i < MOST_HALVINGS && !nearest.isClose(); i++) {
            double middle = (little + much) / 2;
            if (isAbove(middle)) {
                little = middle;
            } else {
                much = middle;
            }
        }
        return nearest.found(NOISE);
    }

    private boolean isAbove(double s) {
        float[] values = leaf.copy();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + s * noise[i]);
        }
        boolean above = nearest.offer(Weights.owning(leaf.architecture(), values), s) > 0;
        looks++;
        progress.at((double) looks / (1 + MOST_DOUBLINGS + MOST_HALVINGS));
        return above;
    }
}
