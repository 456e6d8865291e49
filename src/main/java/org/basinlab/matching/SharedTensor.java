package org.basinlab.matching;

import java.util.List;
import org.bytedeco.openblas.global.openblas;

/**
 * One tensor of several networks whose units stand in soft orders: doubly stochastic matrices P of the units that its view
 * orders and R of those that another permutation orders, {@code [place][unit]}. Beside the tensor W as it is, {@code [slots]
 * [depth][units]}, each network keeps it with its slots mixed by R, its units mixed by P, and both. All three are linear in
 * the orders, so a step towards a permutation moves units and slots and multiplies nothing.
 */
final class SharedTensor {

    private final TensorView view;
    private final int layer;
    private final int units;
    private final int depth;
    private final boolean twice;
    /** By network. */
    private final float[][] original;

    private final double[][] mixed;
    /** Only where two permutations order the tensor. */
    private final double[][] slotsMixed;

    private final double[][] unitsMixed;

    /**
     * All networks in their own order.
     *
     * @param layer the place, in the list of permutations, of that which the view is of
     */
    SharedTensor(TensorView view, int layer, List<float[]> networks) {
        this.view = view;
        this.layer = layer;
        units = view.units();
        depth = view.depth();
        twice = view.other() != TensorView.NONE;
        int count = networks.size();
        original = new float[count][];
        mixed = new double[count][];
        slotsMixed = new double[count][];
        unitsMixed = new double[count][];
        for (int network = 0; network < count; network++) {
            original[network] = view.byPlace(networks.get(network));
            mixed[network] = wide(original[network]);
            slotsMixed[network] = twice ? mixed[network].clone() : new double[0];
            unitsMixed[network] = twice ? mixed[network].clone() : new double[0];
        }
    }

    private static double[] wide(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** The sum over all networks of ‖W‖². */
    double squaredNorms() {
        double sum = 0;
        for (float[] values : original) {
            for (float value : values) {
                sum += (double) value * value;
            }
        }
        return sum;
    }

    /** The tensor of one network in its soft order; to be read only. */
    double[] mixed(int network) {
        return mixed[network];
    }

    private double[] sum() {
        double[] sum = new double[mixed[0].length];
        for (double[] values : mixed) {
            add(values, sum);
        }
        return sum;
    }

    private static void add(double[] values, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += values[i];
        }
    }

    /**
     * Adds the gradients of Σ⟨X, X'⟩ over all pairs of networks by every soft order but those of {@code held}.
     *
     * @param gradients by network and permutation, {@code [place][unit]}
     */
    void addGradients(int held, double[][][] gradients) {
        double[] sum = sum();
        double[] others = new double[sum.length];
        for (int network = 0; network < mixed.length; network++) {
            if (network == held) {
                continue;
            }
            for (int i = 0; i < others.length; i++) {
                others[i] = sum[i] - mixed[network][i];
            }
            double[] left = twice ? slotsMixed[network] : wide(original[network]);
            addTransposedTimes(others, left, gradients[network][layer]);
            if (twice) {
                addTimesTransposed(others, unitsMixed[network], gradients[network][view.other()]);
            }
        }
    }

    /** Adds {@code LᵀR} of {@code [places][units]} operands. */
    private void addTransposedTimes(double[] left, double[] right, double[] into) {
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                openblas.CblasTrans,
                openblas.CblasNoTrans,
                units,
                units,
                view.places(),
                1,
                left,
                units,
                right,
                units,
                1,
                into,
                units);
    }

    /** Adds {@code LRᵀ} of {@code [slots][depth·units]} operands. */
    private void addTimesTransposed(double[] left, double[] right, double[] into) {
        int length = depth * units;
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                openblas.CblasNoTrans,
                openblas.CblasTrans,
                view.slots(),
                view.slots(),
                length,
                1,
                left,
                length,
                right,
                length,
                1,
                into,
                view.slots());
    }

    /**
     * Σ⟨X, X'⟩ over all pairs of networks as every soft order but those of {@code held} goes straight to a permutation, at
     * t = 1. Both sides of a tensor move at once, so it is a polynomial of degree four.
     *
     * @param targets by network and permutation, the unit in each place
     */
    Quartic along(int held, int[][][] targets) {
        double[] a = sum();
        double[] b = new double[a.length];
        double[] c = new double[a.length];
        double[] first = new double[a.length];
        double[] second = new double[a.length];
        Quartic own = Quartic.ZERO;
        for (int network = 0; network < mixed.length; network++) {
            if (network == held) {
                own = own.plus(Quartic.constant(mixed[network]), 1);
                continue;
            }
            derive(network, targets[network], first, second);
            own = own.plus(Quartic.squaredNorm(mixed[network], first, second), 1);
            add(first, b);
            add(second, c);
        }
        return Quartic.ZERO.plus(Quartic.squaredNorm(a, b, c), 0.5).plus(own, -0.5);
    }

    /** The tensor on the way is X + t·first + t²·second. */
    private void derive(int network, int[][] targets, double[] first, double[] second) {
        int[] unit = targets[layer];
        double[] x = mixed[network];
        float[] w = original[network];
        if (!twice) {
            for (int i = 0; i < x.length; i++) {
                first[i] = w[i / units * units + unit[i % units]] - x[i];
                second[i] = 0;
            }
            return;
        }
        int[] slot = targets[view.other()];
        for (int place = 0; place < view.places(); place++) {
            int here = place * units;
            int there = (slot[place / depth] * depth + place % depth) * units;
            for (int u = 0; u < units; u++) {
                double movedUnits = slotsMixed[network][here + unit[u]];
                double movedSlots = unitsMixed[network][there + u];
                first[here + u] = movedUnits + movedSlots - 2 * x[here + u];
                second[here + u] = w[there + unit[u]] - movedUnits - movedSlots + x[here + u];
            }
        }
    }

    /** Goes the part {@code t} of the way. */
    void advance(int held, int[][][] targets, double t) {
        double[] first = new double[mixed[0].length];
        double[] second = new double[first.length];
        for (int network = 0; network < mixed.length; network++) {
            if (network == held) {
                continue;
            }
            derive(network, targets[network], first, second);
            for (int i = 0; i < first.length; i++) {
                mixed[network][i] += t * (first[i] + t * second[i]);
            }
            if (twice) {
                advanceSides(network, targets[network], t);
            }
        }
    }

    private void advanceSides(int network, int[][] targets, double t) {
        int[] unit = targets[layer];
        int[] slot = targets[view.other()];
        float[] w = original[network];
        double[] bySlots = slotsMixed[network];
        double[] byUnits = unitsMixed[network];
        for (int place = 0; place < view.places(); place++) {
            int here = place * units;
            int there = (slot[place / depth] * depth + place % depth) * units;
            for (int u = 0; u < units; u++) {
                bySlots[here + u] += t * (w[there + u] - bySlots[here + u]);
                byUnits[here + u] += t * (w[here + unit[u]] - byUnits[here + u]);
            }
        }
    }
}
