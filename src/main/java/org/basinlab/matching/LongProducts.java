package org.basinlab.matching;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Products of the slices of one tensor whose other axis no permutation orders, the weights of a network's inputs: by far the
 * longest slices. Between two networks they are the same numbers whatever the order of the units, so each pair's can be
 * made once, and the product with the sum of several networks is a sum of rows of those.
 */
final class LongProducts {

    private final TensorView view;
    private final List<float[]> networks;
    private final boolean keep;
    private final Gemm gemm;
    private final Map<Integer, double[]> kept = new HashMap<>();

    /**
     * @param networks flat weights; the caller may put others in their stead and says so
     * @param keep whether products of pairs are made and kept, {@code units²} numbers each; if not, the sum is multiplied
     */
    LongProducts(TensorView view, List<float[]> networks, boolean keep, Gemm gemm) {
        this.view = view;
        this.networks = networks;
        this.keep = keep;
        this.gemm = gemm;
    }

    /**
     * Row i of the product of the others' sum with {@code self}, into {@code row}, for each {@code i} of {@code places}.
     *
     * @param orderOf for every network, its units in the order of the places
     */
    void rows(int self, int[][] orderOf, int[] places, double[] into) {
        int units = view.units();
        if (!keep) {
            multiplySum(self, orderOf, into);
            return;
        }
        for (int place : places) {
            Arrays.fill(into, place * units, (place + 1) * units, 0);
            for (int other = 0; other < networks.size(); other++) {
                if (other != self) {
                    add(pair(other, self), orderOf[other][place] * units, into, place * units, units);
                }
            }
        }
    }

    private static void add(double[] from, int source, double[] into, int target, int count) {
        for (int i = 0; i < count; i++) {
            into[target + i] += from[source + i];
        }
    }

    /** Forgets the products with a network whose weights are others now. */
    void forget(int network) {
        kept.keySet().removeIf(pair -> pair / networks.size() == network || pair % networks.size() == network);
    }

    /** {@code [units of a][units of b]}. */
    private double[] pair(int a, int b) {
        double[] product = kept.get(a * networks.size() + b);
        if (product == null) {
            double[] opposite = kept.get(b * networks.size() + a);
            product = opposite == null ? multiply(a, b) : transposed(opposite);
            kept.put(a * networks.size() + b, product);
        }
        return product;
    }

    private double[] multiply(int a, int b) {
        int size = view.shape().size();
        int units = view.units();
        double[] product = new double[units * units];
        gemm.putLeft(wide(networks.get(a)), size);
        gemm.putRight(wide(networks.get(b)), size);
        gemm.timesTransposed(units, view.places(), product);
        return product;
    }

    private double[] transposed(double[] product) {
        int units = view.units();
        double[] result = new double[product.length];
        for (int row = 0; row < units; row++) {
            for (int column = 0; column < units; column++) {
                result[row * units + column] = product[column * units + row];
            }
        }
        return result;
    }

    private void multiplySum(int self, int[][] orderOf, double[] into) {
        int size = view.shape().size();
        int length = view.places();
        double[] sum = new double[size];
        for (int other = 0; other < networks.size(); other++) {
            if (other == self) {
                continue;
            }
            float[] values = networks.get(other);
            for (int place = 0; place < view.units(); place++) {
                int source = view.shape().offset() + orderOf[other][place] * length;
                for (int i = 0; i < length; i++) {
                    sum[place * length + i] += values[source + i];
                }
            }
        }
        gemm.putLeft(sum, size);
        gemm.putRight(wide(networks.get(self)), size);
        gemm.timesTransposed(view.units(), length, into);
    }

    private double[] wide(float[] flat) {
        double[] wide = new double[view.shape().size()];
        int start = view.shape().offset();
        for (int i = 0; i < wide.length; i++) {
            wide[i] = flat[start + i];
        }
        return wide;
    }
}
