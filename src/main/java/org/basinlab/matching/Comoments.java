package org.basinlab.matching;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.basinlab.recipe.Matching;
import org.bytedeco.javacpp.DoublePointer;

/**
 * Means, variances and products of the channels of two networks at one place of their graph, gathered in one pass in float64:
 * of every chunk of samples the deviations from its own means, and what two chunks' means differ by, as Chan, Golub and
 * LeVeque (1979) join them. Nothing is lost where means are large beside the deviations. Holds memory outside of the heap
 * until closed.
 */
final class Comoments implements AutoCloseable {

    /** Samples of a chunk. */
    static final int CHUNK = 1_024;

    /**
     * A unit never changed where the root of its summed squared deviations is below this share of its mean: one sample that
     * differs by the last bit of a float makes it 10⁻⁸, the roundings of a mean in float64 some 10⁻¹².
     */
    private static final double UNCHANGED = 1e-9;

    private final int channels;
    private final Gemm gemm;
    /** Minus the summed products of deviations, {@code [channels][channels]}. */
    private final DoublePointer cells;

    private final Side a;
    private final Side b;
    private long count;

    /** One network's channels. */
    private static final class Side {
        private final double[] mean;
        private final double[] squares;
        private final double[] difference;
        private final double[] deviations;
        private final float[] values;

        Side(int channels) {
            mean = new double[channels];
            squares = new double[channels];
            difference = new double[channels];
            deviations = new double[CHUNK * channels];
            values = new float[CHUNK * channels];
        }

        /** Reads a chunk and leaves its deviations from its own means, and how far those lie from the mean until now. */
        void take(FloatBuffer samples, int from, int rows) {
            int channels = mean.length;
            samples.get(from * channels, values, 0, rows * channels);
            Arrays.fill(difference, 0);
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < channels; c++) {
                    difference[c] += values[row * channels + c];
                }
            }
            for (int c = 0; c < channels; c++) {
                difference[c] /= rows;
            }
            for (int row = 0; row < rows; row++) {
                for (int c = 0; c < channels; c++) {
                    double deviation = values[row * channels + c] - difference[c];
                    deviations[row * channels + c] = deviation;
                    squares[c] += deviation * deviation;
                }
            }
            for (int c = 0; c < channels; c++) {
                difference[c] -= mean[c];
            }
        }

        void join(long before, int rows) {
            double all = before + rows;
            for (int c = 0; c < mean.length; c++) {
                squares[c] += difference[c] * difference[c] * before * rows / all;
                mean[c] += difference[c] * rows / all;
            }
        }

        /** The standard deviation times the root of the number of samples, 0 of a unit that never changed. */
        double spread(int c) {
            double spread = Math.sqrt(squares[c]);
            return spread <= UNCHANGED * Math.abs(mean[c]) ? 0 : spread;
        }
    }

    /** @param gemm with room for operands of {@link #CHUNK} times {@code channels} */
    Comoments(int channels, Gemm gemm) {
        this.channels = channels;
        this.gemm = gemm;
        a = new Side(channels);
        b = new Side(channels);
        cells = new DoublePointer((long) channels * channels);
        cells.put(new double[channels * channels], 0, channels * channels);
    }

    /** Counts {@code samples} samples more, {@code [samples][channels]} of either network. */
    void add(FloatBuffer ofA, FloatBuffer ofB, int samples) {
        for (int from = 0; from < samples; from += CHUNK) {
            int rows = Math.min(CHUNK, samples - from);
            a.take(ofA, from, rows);
            b.take(ofB, from, rows);
            gemm.putLeft(a.deviations, rows * channels);
            gemm.putRight(b.deviations, rows * channels);
            gemm.subtractTransposedTimes(channels, rows, cells);
            if (count > 0) {
                double[] left = a.difference.clone();
                double weight = (double) count * rows / (count + rows);
                for (int c = 0; c < channels; c++) {
                    left[c] *= weight;
                }
                gemm.putLeft(left, channels);
                gemm.putRight(b.difference, channels);
                gemm.subtractTransposedTimes(channels, 1, cells);
            }
            a.join(count, rows);
            b.join(count, rows);
            count += rows;
        }
    }

    /** What pairing each channel of A with each of B gives, {@code [channels of A][channels of B]}. */
    double[] gains(Matching.Statistic statistic) {
        double[] gains = new double[channels * channels];
        cells.get(gains, 0, gains.length);
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j < channels; j++) {
                int cell = i * channels + j;
                if (statistic == Matching.Statistic.CROSS_MOMENT) {
                    gains[cell] = a.mean[i] * b.mean[j] - gains[cell] / count;
                } else {
                    double spreads = a.spread(i) * b.spread(j);
                    gains[cell] = spreads > 0 ? -gains[cell] / spreads : 0;
                }
            }
        }
        return gains;
    }

    @Override
    public void close() {
        cells.close();
    }
}
