package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * An upper bound of the norm of a convolution, L2 to L2, for maps of any size.
 *
 * <p>A convolution of maps with an edge, zeros beyond it, is one of maps without an edge between an embedding and a
 * restriction, neither of which stretches. The norm of that one is the largest, over all frequencies θ, of the largest
 * singular value of its symbol Ŵ(θ) = Σ_k W_k·exp(i k·θ), an out × in matrix (Sedghi, Gupta and Long 2018; Yi 2020). With a
 * stride s, the s² phases of the input are channels of their own and the stride is gone.
 *
 * <p>Between frequencies the symbol is held by an inequality of M. Riesz (1914; Duffin and Schaeffer 1938 for any
 * frequencies): a real function p of frequencies at most σ with |p| ≤ M and p(0) = M has p(t) ≥ M·cos(σt) for |t| ≤ π/σ. Of
 * Re u*Ŵ(θ)v along a straight line from where the norm M is attained, with u and v its singular vectors there, it says: at
 * the centre of the square that the place lies in, of half a width h, the norm is at least M·cos((d₁ + d₂)h), where d is half
 * the distance of the outermost taps. So M is at most the largest norm at a centre over that cosine, and squares whose own is
 * smaller than the largest times the cosine cannot hold the place: the others are cut into four, until the cosine is near 1.
 *
 * @see <a href="https://arxiv.org/abs/1805.10408">The Singular Values of Convolutional Layers</a>
 * @see <a href="https://arxiv.org/abs/2006.07117">Asymptotic Singular Value Distribution of Linear Convolutional Layers</a>
 */
final class Symbol {

    /** How far the cosine may be from 1; what the edges take is more. */
    private static final double NEAR = 2e-3;

    /** Squares of one size; where more could hold the largest value the bound stays as it is. Fewer of large symbols. */
    private static final int MOST_SQUARES = 1_024;

    private static final int LEAST_SQUARES = 64;
    private static final double LARGE = 128;

    private final int rows;
    private final int columns;
    private final List<Tap> taps;
    /** Half the distance of the outermost taps, in both directions together. */
    private final double degree;

    private double largest;

    /** The weights of one shift, {@code [rows][columns]}. */
    @SuppressWarnings("ArrayRecordComponent") // made, read and dropped within the room
    private record Tap(int down, int right, double[] weight) {}

    private record Square(double down, double right, double norm) {}

    private Symbol(int rows, int columns, List<Tap> taps) {
        this.rows = rows;
        this.columns = columns;
        this.taps = taps;
        degree = halfRange(taps.stream().mapToInt(Tap::down).toArray())
                + halfRange(taps.stream().mapToInt(Tap::right).toArray());
    }

    private static double halfRange(int[] shifts) {
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int shift : shifts) {
            least = Math.min(least, shift);
            most = Math.max(most, shift);
        }
        return (most - least) / 2.0;
    }

    /** @param weight {@code [out][in][kernel][kernel]}, finite */
    static double bound(double[] weight, Window window) {
        return of(weight, window).bound();
    }

    private static Symbol of(double[] weight, Window window) {
        int stride = window.stride();
        int in = window.in().channels();
        int columns = in * stride * stride;
        int rows = window.out().channels();
        List<Tap> taps = new ArrayList<>();
        for (int tap = 0; tap < window.kernel() * window.kernel(); tap++) {
            int down = tap / window.kernel() - window.padding();
            int right = tap % window.kernel() - window.padding();
            int phase = Math.floorMod(down, stride) * stride + Math.floorMod(right, stride);
            double[] block = block(taps, Math.floorDiv(down, stride), Math.floorDiv(right, stride), rows * columns);
            for (int unit = 0; unit < rows; unit++) {
                for (int channel = 0; channel < in; channel++) {
                    block[unit * columns + phase * in + channel] = weight[window.index(unit, channel, tap)];
                }
            }
        }
        return new Symbol(rows, columns, taps);
    }

    /** That of this shift, which is added where there is none yet. */
    private static double[] block(List<Tap> taps, int down, int right, int size) {
        for (Tap tap : taps) {
            if (tap.down == down && tap.right == right) {
                return tap.weight;
            }
        }
        taps.add(new Tap(down, right, new double[size]));
        return taps.get(taps.size() - 1).weight;
    }

    private double bound() {
        if (degree == 0) {
            return norm(0, 0, 0);
        }
        int side = 2 * (int) Math.ceil(2 * degree); // so that the first cosine is at least √½
        double half = Math.PI / side;
        List<Square> squares = new ArrayList<>();
        for (int i = 0; i < side / 2; i++) { // the other half has the conjugate symbols
            for (int j = 0; j < side; j++) {
                add(squares, (2 * i + 1) * half, (2 * j + 1) * half, 0);
            }
        }
        double cosine = Math.cos(degree * half);
        while (cosine < 1 - NEAR) {
            double least = largest * cosine;
            List<Square> left =
                    squares.stream().filter(square -> square.norm >= least).toList();
            if (4 * left.size() > mostSquares()) {
                break;
            }
            half /= 2;
            cosine = Math.cos(degree * half);
            squares = new ArrayList<>();
            for (Square square : left) {
                for (int corner = 0; corner < 4; corner++) {
                    double down = square.down + (corner % 2 == 0 ? -half : half);
                    double right = square.right + (corner < 2 ? -half : half);
                    add(squares, down, right, largest * cosine);
                }
            }
        }
        return largest / cosine;
    }

    /** Eigenvalues take the third power of the side. */
    private double mostSquares() {
        double side = Math.max(1, 2 * Math.min(rows, columns) / LARGE);
        return Math.max(LEAST_SQUARES, MOST_SQUARES / (side * side * side));
    }

    private void add(List<Square> squares, double down, double right, double least) {
        double norm = norm(down, right, least);
        largest = Math.max(largest, norm);
        squares.add(new Square(down, right, norm));
    }

    /**
     * The largest singular value of the symbol; 0 where it is below {@code least} by its Frobenius norm alone, or by that of
     * its Gram matrix.
     */
    private double norm(double down, double right, double least) {
        // The real matrix [[Re, −Im], [Im, Re]] has the singular values of Re + i·Im, each twice.
        double[] real = new double[4 * rows * columns];
        int width = 2 * columns;
        double squares = 0;
        for (Tap tap : taps) {
            double cosine = Math.cos(tap.down * down + tap.right * right);
            double sine = Math.sin(tap.down * down + tap.right * right);
            for (int row = 0; row < rows; row++) {
                int upper = row * width;
                int lower = (rows + row) * width;
                for (int column = 0; column < columns; column++) {
                    double w = tap.weight[row * columns + column];
                    real[upper + column] += cosine * w;
                    real[upper + columns + column] -= sine * w;
                    real[lower + column] += sine * w;
                    real[lower + columns + column] += cosine * w;
                }
            }
        }
        for (double value : real) {
            squares += value * value;
        }
        if (Math.sqrt(squares / 2) < least) {
            return 0;
        }
        int size = 2 * Math.min(rows, columns);
        double[] gram = rows <= columns
                ? Products.gramOfRows(2 * rows, width, real)
                : Products.gramOfColumns(2 * rows, width, real);
        return fourthPowers(size, gram) < square(square(least)) ? 0 : Math.sqrt(Products.largestEigenvalue(size, gram));
    }

    /** The sum of the fourth powers of the symbol's singular values, of a Gram matrix above its diagonal and on it. */
    private static double fourthPowers(int size, double[] gram) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += square(gram[i * size + i]) / 2;
            for (int j = i + 1; j < size; j++) {
                sum += square(gram[i * size + j]);
            }
        }
        return sum;
    }

    private static double square(double value) {
        return value * value;
    }
}
