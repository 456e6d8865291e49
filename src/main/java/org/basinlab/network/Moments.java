package org.basinlab.network;

import java.nio.FloatBuffer;

/**
 * Mean and variance of every channel of what a node gives, over images and positions; in float64. Immutable.
 *
 * @see <a href="https://doi.org/10.1080/00031305.1983.10483115">Chan, Golub and LeVeque 1983</a>
 */
public final class Moments {

    private final long values;
    private final double[] means;
    /** By channel, the sum of the squares of distances from the mean. */
    private final double[] squares;

    private Moments(long values, double[] means, double[] squares) {
        this.values = values;
        this.means = means;
        this.squares = squares;
    }

    /**
     * Those of a batch.
     *
     * @param outputs {@code [rows][channels]} row-major
     */
    static Moments of(FloatBuffer outputs, int rows, int channels) {
        float[] row = new float[channels];
        double[] means = new double[channels];
        FloatBuffer first = outputs.duplicate();
        for (int r = 0; r < rows; r++) {
            first.get(row);
            for (int c = 0; c < channels; c++) {
                means[c] += row[c];
            }
        }
        for (int c = 0; c < channels; c++) {
            means[c] /= rows;
        }
        double[] squares = new double[channels];
        FloatBuffer second = outputs.duplicate();
        for (int r = 0; r < rows; r++) {
            second.get(row);
            for (int c = 0; c < channels; c++) {
                double distance = row[c] - means[c];
                squares[c] += distance * distance;
            }
        }
        return new Moments(rows, means, squares);
    }

    /** Those of both together. */
    Moments plus(Moments other) {
        long both = values + other.values;
        double[] joined = new double[means.length];
        double[] spread = new double[means.length];
        for (int c = 0; c < means.length; c++) {
            double step = other.means[c] - means[c];
            joined[c] = means[c] + step * other.values / both;
            spread[c] = squares[c] + other.squares[c] + step * step * values / both * other.values;
        }
        return new Moments(both, joined, spread);
    }

    public int channels() {
        return means.length;
    }

    public double mean(int channel) {
        return means[channel];
    }

    /** √ of the variance without Bessel's correction. */
    public double deviation(int channel) {
        return Math.sqrt(squares[channel] / values);
    }

    /** With Bessel's correction; of at least two values. */
    public double unbiasedVariance(int channel) {
        return squares[channel] / (values - 1);
    }
}
