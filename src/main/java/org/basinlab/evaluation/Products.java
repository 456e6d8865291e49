package org.basinlab.evaluation;

import java.util.Arrays;
import org.bytedeco.openblas.global.openblas;

/**
 * Products and eigenvalues of dense float64 matrices by BLAS and LAPACK, on one thread. Matrices are arrays, row-major
 * without gaps. Equal arguments give equal bits on one BLAS kernel.
 */
final class Products {

    static {
        // Slots of one process each use one core; a second BLAS thread would only take it from a neighbour.
        openblas.blas_set_num_threads(1);
    }

    private Products() {}

    /** {@code A·B} of {@code [rows][inner]} and {@code [inner][columns]}. */
    static double[] times(int rows, int columns, int inner, double[] a, double[] b) {
        return multiply(rows, columns, inner, a, b, openblas.CblasNoTrans, columns);
    }

    /** {@code A·Bᵀ} of {@code [rows][inner]} and {@code [columns][inner]}. */
    static double[] timesTransposed(int rows, int columns, int inner, double[] a, double[] b) {
        return multiply(rows, columns, inner, a, b, openblas.CblasTrans, inner);
    }

    private static double[] multiply(
            int rows, int columns, int inner, double[] a, double[] b, int takeB, int lengthOfRowB) {
        double[] product = new double[rows * columns];
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                openblas.CblasNoTrans,
                takeB,
                rows,
                columns,
                inner,
                1,
                a,
                inner,
                b,
                lengthOfRowB,
                0,
                product,
                columns);
        return product;
    }

    /** The products of all pairs of rows of {@code [rows][columns]}: {@code A·Aᵀ}, above its diagonal and on it; 0 below. */
    static double[] gramOfRows(int rows, int columns, double[] a) {
        return gram(rows, columns, a, openblas.CblasNoTrans, columns);
    }

    /** The products of all pairs of columns: {@code Aᵀ·A}, above its diagonal and on it; 0 below. */
    static double[] gramOfColumns(int rows, int columns, double[] a) {
        return gram(columns, rows, a, openblas.CblasTrans, columns);
    }

    private static double[] gram(int size, int inner, double[] a, int take, int lengthOfRow) {
        double[] gram = new double[size * size];
        openblas.cblas_dsyrk(
                openblas.CblasRowMajor, openblas.CblasUpper, take, size, inner, 1, a, lengthOfRow, 0, gram, size);
        return gram;
    }

    /**
     * The largest singular value of {@code [rows][columns]}: the root of the largest eigenvalue of the smaller of its two
     * Gram matrices. Squaring costs nothing here: the largest eigenvalue keeps a relative error of about 10⁻¹⁵ times the
     * number of rows, whatever the smallest is.
     *
     * @param a finite
     */
    static double largestSingularValue(int rows, int columns, double[] a) {
        double[] gram = rows <= columns ? gramOfRows(rows, columns, a) : gramOfColumns(rows, columns, a);
        return Math.sqrt(largestEigenvalue(Math.min(rows, columns), gram));
    }

    /**
     * The largest eigenvalue of a positive semidefinite matrix, by reduction to three diagonals and the QL iteration of
     * LAPACK's {@code dsyevd}.
     *
     * @param size of its sides, at least 1
     * @param matrix finite; only what stands above its diagonal and on it is read; destroyed
     */
    static double largestEigenvalue(int size, double[] matrix) {
        double[] rising = new double[size];
        // LAPACK counts columns first, so that the upper half of rows is its lower half.
        int info =
                openblas.LAPACKE_dsyevd(openblas.LAPACK_COL_MAJOR, (byte) 'N', (byte) 'L', size, matrix, size, rising);
        if (info != 0) {
            throw new IllegalStateException(
                    "the eigenvalues of a matrix of %d rows were not found: LAPACK says %d".formatted(size, info));
        }
        return Math.max(0, rising[size - 1]);
    }

    /**
     * A vector of length 1 of the largest eigenvalue of a symmetric matrix with three diagonals.
     *
     * @param diagonal at least {@code size} values
     * @param beside the diagonal, at least {@code size − 1} values
     */
    static double[] topOfTridiagonal(int size, double[] diagonal, double[] beside) {
        double[] rising = Arrays.copyOf(diagonal, size);
        double[] vectors = new double[size * size];
        int info = openblas.LAPACKE_dstev(
                openblas.LAPACK_COL_MAJOR, (byte) 'V', size, rising, Arrays.copyOf(beside, size), vectors, size);
        if (info != 0) {
            throw new IllegalStateException(
                    "the vectors of a matrix of three diagonals and %d rows were not found: LAPACK says %d"
                            .formatted(size, info));
        }
        return Arrays.copyOfRange(vectors, (size - 1) * size, size * size);
    }
}
