package org.basinlab.matching;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.PermutedTensor;

/**
 * For every permutation, how much each unit of A and each unit of B have in common: {@code gain[i][j]} is the sum, over
 * all tensors that the permutation orders, of the inner product of A's slice i and B's slice j, B's other axes being in
 * their current order. A term is made again only when the permutation of its other axis changed. Holds memory outside of
 * the heap until closed; used by one thread.
 */
final class GramProducts implements AutoCloseable {

    private final List<List<GramTerm>> termsOfLayer = new ArrayList<>();
    private final double[] a;
    private final float[] b;
    private final Gemm gemm;

    /** @param names of the permutations; all layer numbers here are places in this list */
    GramProducts(PermutationSpec spec, List<String> names, double[] a, float[] b) {
        this.a = a;
        this.b = b;
        for (String name : names) {
            List<GramTerm> terms = new ArrayList<>();
            for (PermutedTensor tensor : spec.tensors()) {
                if (tensor.outputs().filter(name::equals).isPresent()) {
                    int other = tensor.inputs().map(names::indexOf).orElse(GramTerm.NONE);
                    terms.add(new GramTerm(tensor, GramTerm.Side.OUTPUTS, other));
                }
                if (tensor.inputs().filter(name::equals).isPresent()) {
                    int other = tensor.outputs().map(names::indexOf).orElse(GramTerm.NONE);
                    terms.add(new GramTerm(tensor, GramTerm.Side.INPUTS, other));
                }
            }
            termsOfLayer.add(terms);
        }
        int largest = spec.tensors().stream()
                .mapToInt(tensor -> tensor.shape().size())
                .max()
                .orElse(0);
        int widest = spec.sizes().values().stream().mapToInt(size -> size).max().orElse(0);
        gemm = new Gemm(largest, Math.multiplyExact(widest, widest));
    }

    /** Whether nothing moved that {@code layer}'s products depend on since they were last made. */
    boolean isUpToDate(int layer, int[] versions) {
        return termsOfLayer.get(layer).stream().allMatch(term -> term.isUpToDate(versions));
    }

    /** The gain of pairing unit i of A with unit j of B, row-major {@code [n·n]}; the caller's to keep. */
    double[] of(int layer, int[][] vectors, int[] versions) {
        int n = vectors[layer].length;
        double[] total = new double[n * n];
        for (GramTerm term : termsOfLayer.get(layer)) {
            double[] product = term.product(a, b, vectors, versions, gemm);
            for (int cell = 0; cell < total.length; cell++) {
                total[cell] += product[cell];
            }
        }
        return total;
    }

    @Override
    public void close() {
        gemm.close();
    }
}
