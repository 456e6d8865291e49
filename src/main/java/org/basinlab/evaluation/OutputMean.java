package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** What becomes of the logits of several networks. */
interface OutputMean {

    /**
     * The logarithm of the mean of the softmaxes, in float64, rounded to float32 once. As logits it gives those mean
     * probabilities; it is finite even where they are too small for a number.
     */
    OutputMean PROBABILITIES = new Probabilities();

    /** Sums of so many outputs before the first network. */
    double[] start(int outputs);

    /**
     * Adds what one network says.
     *
     * @param network its place
     * @param logits {@code [images][classes]}
     */
    void add(int network, FloatBuffer logits, double[] sums, int classes);

    /** The joint logits of {@code networks} networks. */
    float[] of(double[] sums, int networks);

    /**
     * The mean of the logits: summed in float64 in the order of the networks, divided, rounded to float32 once.
     *
     * @param factors of each network's logits; 1 changes no bit
     */
    @SuppressWarnings("ArrayRecordComponent") // made, read and dropped within the room
    record Logits(double[] factors) implements OutputMean {

        @Override
        public double[] start(int outputs) {
            return new double[outputs];
        }

        @Override
        public void add(int network, FloatBuffer logits, double[] sums, int classes) {
            double factor = factors[network];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += factor * logits.get(i);
            }
        }

        @Override
        public float[] of(double[] sums, int networks) {
            float[] mean = new float[sums.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) (sums[i] / networks);
            }
            return mean;
        }
    }

    /** Sums are logarithms of sums of probabilities. */
    record Probabilities() implements OutputMean {

        @Override
        public double[] start(int outputs) {
            double[] sums = new double[outputs];
            Arrays.fill(sums, Double.NEGATIVE_INFINITY);
            return sums;
        }

        @Override
        public void add(int network, FloatBuffer logits, double[] sums, int classes) {
            for (int row = 0; row < sums.length; row += classes) {
                double all = Double.NEGATIVE_INFINITY;
                for (int c = row; c < row + classes; c++) {
                    all = sumOfLogarithms(all, logits.get(c));
                }
                for (int c = row; c < row + classes; c++) {
                    sums[c] = sumOfLogarithms(sums[c], logits.get(c) - all);
                }
            }
        }

        /** log(exp a + exp b). */
        private static double sumOfLogarithms(double a, double b) {
            double larger = Math.max(a, b);
            return larger == Double.NEGATIVE_INFINITY
                    ? larger
                    : larger + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - larger));
        }

        @Override
        public float[] of(double[] sums, int networks) {
            float[] mean = new float[sums.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (float) (sums[i] - StrictMath.log(networks));
            }
            return mean;
        }
    }
}
