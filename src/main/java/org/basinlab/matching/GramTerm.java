package org.basinlab.matching;

import org.basinlab.network.PermutationSpec.PermutedTensor;

/** What one tensor adds to the products of one permutation, kept until the permutation of its other axis changes. */
final class GramTerm {

    /** No permutation orders the other axis. */
    static final int NONE = -1;

    /** Which axis of the tensor the permutation orders. */
    enum Side {
        OUTPUTS,
        INPUTS
    }

    private static final int NEVER = -1;

    private final PermutedTensor tensor;
    private final Side side;
    private final int other;
    private double[] product = {};
    private int madeAt = NEVER;

    /** @param other the permutation of the tensor's other axis, or {@link #NONE} */
    GramTerm(PermutedTensor tensor, Side side, int other) {
        if (tensor.block() != 1) {
            throw new IllegalArgumentException("weight matching takes tensors of one or two axes, %s has %s"
                    .formatted(tensor.shape().name(), tensor.shape().axes()));
        }
        this.tensor = tensor;
        this.side = side;
        this.other = other;
    }

    boolean isUpToDate(int[] versions) {
        return madeAt == wanted(versions);
    }

    private int wanted(int[] versions) {
        return other == NONE ? 0 : versions[other];
    }

    /** Row-major {@code [n·n]}, to be read only. */
    double[] product(double[] a, float[] b, int[][] vectors, int[] versions, Gemm gemm) {
        if (!isUpToDate(versions)) {
            int n = side == Side.OUTPUTS ? tensor.rows() : tensor.columns();
            product = new double[n * n];
            gemm.putLeft(a, tensor.shape().offset(), tensor.shape().size());
            gemm.putRight(ordered(b, vectors));
            if (side == Side.OUTPUTS) {
                gemm.timesTransposed(n, tensor.columns(), product);
            } else {
                gemm.transposedTimes(n, tensor.rows(), product);
            }
            madeAt = wanted(versions);
        }
        return product;
    }

    /** B's tensor in float64 with its other axis in its current order. */
    private double[] ordered(float[] b, int[][] vectors) {
        int rows = tensor.rows();
        int columns = tensor.columns();
        int start = tensor.shape().offset();
        double[] ordered = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            boolean moveRow = other != NONE && side == Side.INPUTS;
            int source = start + columns * (moveRow ? vectors[other][row] : row);
            int target = row * columns;
            if (other != NONE && side == Side.OUTPUTS) {
                int[] order = vectors[other];
                for (int column = 0; column < columns; column++) {
                    ordered[target + column] = b[source + order[column]];
                }
            } else {
                for (int column = 0; column < columns; column++) {
                    ordered[target + column] = b[source + column];
                }
            }
        }
        return ordered;
    }
}
