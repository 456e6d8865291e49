package org.basinlab.control;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/**
 * Turns every trained tensor a of a leaf into a random direction until it has the cosine ρ with a that the target's tensor m has,
 * and gives it m's norm: ‖m‖·(ρ·â + √(1−ρ²)·ĝ), where ĝ is Gaussian without its part along a. A merge moved each tensor as
 * far, though not at random.
 */
final class MatchedNoise {

    private MatchedNoise() {}

    static Weights of(Weights leaf, Weights target, long seed) {
        float[] values = leaf.copy();
        List<TensorShape> tensors = leaf.architecture().tensors();
        for (int t = 0; t < tensors.size(); t++) {
            if (!tensors.get(t).isParameter()) {
                continue; // running means and variances stay those of the leaf
            }
            RandomGenerator random = Seeds.generator(Seeds.derive(seed, "noise-of-tensor", t));
            fill(values, tensors.get(t), leaf, target, random);
        }
        return Weights.owning(leaf.architecture(), values);
    }

    private static void fill(float[] values, TensorShape shape, Weights leaf, Weights target, RandomGenerator random) {
        double norm = Tensors.norm(target, shape);
        double leafNorm = Tensors.norm(leaf, shape);
        if (norm == 0) {
            Arrays.fill(values, shape.offset(), shape.offset() + shape.size(), 0);
            return;
        }
        double[] unit = new double[shape.size()];
        for (int i = 0; i < unit.length && leafNorm > 0; i++) {
            unit[i] = leaf.at(shape.offset() + i) / leafNorm;
        }
        double cosine = leafNorm > 0 ? Tensors.inner(leaf, target, shape) / (leafNorm * norm) : 0;
        double[] beside = new double[unit.length];
        for (int i = 0; i < beside.length; i++) {
            beside[i] = random.nextGaussian();
        }
        double away = Math.sqrt(Math.max(0, 1 - cosine * cosine));
        // One value alone has no direction beside its own.
        boolean turns = (unit.length > 1 || leafNorm == 0) && straighten(beside, unit);
        for (int i = 0; i < unit.length; i++) {
            values[shape.offset() + i] = (float) (norm * (cosine * unit[i] + (turns ? away * beside[i] : 0)));
        }
    }

    /** Takes off what lies along {@code unit} and makes the rest a unit vector; whether there was a rest. */
    private static boolean straighten(double[] values, double[] unit) {
        for (int pass = 0; pass < 2; pass++) { // the second takes off what rounding left
            double along = 0;
            for (int i = 0; i < values.length; i++) {
                along += values[i] * unit[i];
            }
            for (int i = 0; i < values.length; i++) {
                values[i] -= along * unit[i];
            }
        }
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; i < values.length && norm > 0; i++) {
            values[i] /= norm;
        }
        return norm > 0;
    }
}
