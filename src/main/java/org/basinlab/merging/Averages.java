package org.basinlab.merging;

import java.nio.FloatBuffer;
import java.util.List;
import org.basinlab.network.Weights;

/** Averages of networks of one architecture: added in float64 in their order, rounded to float32 once at the end. */
final class Averages {

    private Averages() {}

    /** The mean of all, equal weights. */
    static Weights mean(List<Weights> networks) {
        double[] sum = sum(networks);
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / networks.size());
        }
        return Weights.owning(networks.get(0).architecture(), mean);
    }

    /**
     * (1−share)·a + share·b (Git Re-Basin's {@code lerp}).
     *
     * @param share in [0, 1]
     */
    static Weights lerp(Weights a, Weights b, double share) {
        float[] values = a.copy();
        FloatBuffer second = b.flat();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((1 - share) * values[i] + share * second.get(i));
        }
        return Weights.owning(a.architecture(), values);
    }

    /**
     * The root mean square of the L2 distances of all pairs, √(2/(n−1) · Σ‖wᵢ − mean‖²): what every exact step of MergeMany
     * lowers or leaves.
     *
     * @param networks at least two
     */
    static double spread(List<Weights> networks) {
        double[] sum = sum(networks);
        int n = networks.size();
        double squares = 0;
        for (Weights network : networks) {
            FloatBuffer values = network.flat();
            double own = 0;
            for (int i = 0; i < sum.length; i++) {
                double difference = values.get(i) - sum[i] / n;
                own += difference * difference;
            }
            squares += own;
        }
        return Math.sqrt(2 * squares / (n - 1));
    }

    private static double[] sum(List<Weights> networks) {
        double[] sum = new double[networks.get(0).size()];
        for (Weights network : networks) {
            FloatBuffer values = network.flat();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += values.get(i);
            }
        }
        return sum;
    }
}
