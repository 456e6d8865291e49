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
     * @param result most elements of a product of its own
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

    void putLeft(double[] values, int length) {
        left.put(values, 0, length);
    }

    void putRight(double[] values, int length) {
        right.put(values, 0, length);
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

    /** Takes {@code Lᵀ·R} of {@code [k][n]} operands off {@code cells}, {@code [n][n]}. */
    void subtractTransposedTimes(int n, int k, DoublePointer cells) {
        transposedTimes(n, n, k, -1, 1, cells);
    }

    /** Takes {@code Lᵀ·R} of operands {@code [k][rows.length]} and {@code [k][n]} off those rows of {@code cells}. */
    void subtractFromRows(int[] rows, int n, int k, DoublePointer cells) {
        transposedTimes(rows.length, n, k, 1, 0, product);
        for (int i = 0; i < rows.length; i++) {
            // Views of their own would free the memory when they are closed or collected.
            product.position((long) i * n);
            cells.position((long) rows[i] * n);
            openblas.cblas_daxpy(n, -1, product, 1, cells, 1);
        }
        product.position(0);
        cells.position(0);
    }

    private void transposedTimes(int m, int n, int k, double alpha, double beta, DoublePointer into) {
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                openblas.CblasTrans,
                openblas.CblasNoTrans,
                m,
                n,
                k,
                alpha,
                left,
                m,
                right,
                n,
                beta,
                into,
                n);
    }

    @Override
    public void close() {
        left.close();
        right.close();
        product.close();
    }
}
