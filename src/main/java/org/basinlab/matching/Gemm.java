package org.basinlab.matching;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Products of two matrices in float64 by BLAS on one thread, on memory outside of the heap that is taken once and freed by
 * {@link #close}: a process makes many thousands of matchings.
 */
final class Gemm implements AutoCloseable {

    static {
        // Slots of one process each use one core; a second BLAS thread would only take it from a neighbour.
        openblas.blas_set_num_threads(1);
    }

    private final DoublePointer left;
    private final DoublePointer right;
    private final DoublePointer product;

    /**
     * @param operand most elements of an operand
     * @param result most elements of a product
     */
    Gemm(int operand, int result) {
        left = new DoublePointer(operand);
        right = takeBeside(operand, left);
        product = takeBeside(result, left, right);
    }

    /** Takes memory; where there is none, gives back what was {@code taken} before. */
    private static DoublePointer takeBeside(int size, DoublePointer... taken) {
        try {
            return new DoublePointer(size);
        } catch (RuntimeException | Error e) {
            for (DoublePointer pointer : taken) {
                pointer.close();
            }
            throw e;
        }
    }

    void putLeft(double[] values, int offset, int length) {
        left.put(values, offset, length);
    }

    void putRight(double[] values) {
        right.put(values, 0, values.length);
    }

    /** {@code L·Rᵀ} of {@code [n][k]} operands into {@code [n][n]}. */
    void timesTransposed(int n, int k, double[] into) {
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                openblas.CblasNoTrans,
                openblas.CblasTrans,
                n,
                n,
                k,
                1,
                left,
                k,
                right,
                k,
                0,
                product,
                n);
        product.get(into, 0, n * n);
    }

    /** {@code Lᵀ·R} of {@code [k][n]} operands into {@code [n][n]}. */
    void transposedTimes(int n, int k, double[] into) {
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                openblas.CblasTrans,
                openblas.CblasNoTrans,
                n,
                n,
                k,
                1,
                left,
                n,
                right,
                n,
                0,
                product,
                n);
        product.get(into, 0, n * n);
    }

    @Override
    public void close() {
        left.close();
        right.close();
        product.close();
    }
}
