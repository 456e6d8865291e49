package org.basinlab.evaluation;

import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * Expected calibration error: how far confidence, the largest softmax probability, lies from the share of hits. Examples
 * are sorted by confidence into bins of equal width, each closed at its right end, (0, 1/B], …, ((B−1)/B, 1]; of each bin
 * the distance between mean confidence and share of hits counts by the share of examples in it.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017, equation 3</a>
 */
public final class Calibration {

    private Calibration() {}

    /**
     * Of networks that answer by the mean of their logits; of one network, by its own. Probabilities and sums are taken in
     * float64. The class of an example is the lowest of those with the largest logit.
     *
     * @param bins 1 or more
     * @return in [0, 1]; NaN if a logit is not a number, or two of one example are +∞
     * @throws IllegalArgumentException if the networks do not agree in inputs and classes, or the examples have another
     *     number of inputs, or too high a label
     */
    public static double error(List<Weights> networks, Examples examples, int bins, Progress progress) {
        return error(Ensemble.of(Ensemble.How.LOGITS, networks), examples, bins, progress);
    }

    /** The same of anything that gives logits. */
    public static double error(Answering answering, Examples examples, int bins, Progress progress) {
        if (bins < 1) {
            throw new IllegalArgumentException("bins must be at least 1, was " + bins);
        }
        Bins found = new Bins(bins);
        answering.over(examples, progress, found);
        return found.error(examples.count());
    }

    private static final class Bins implements Answering.Visitor {

        private final int count;
        /** Of each bin, the sum of confidences minus the number of hits. */
        private final double[] surplus;

        private boolean undefined;

        private Bins(int count) {
            this.count = count;
            surplus = new double[count];
        }

        @Override
        public void visit(int from, int[] labels, float[] logits) {
            int classes = logits.length / labels.length;
            for (int i = 0; i < labels.length; i++) {
                int best = i * classes;
                for (int c = i * classes; c < (i + 1) * classes; c++) {
                    best = logits[c] > logits[best] ? c : best;
                }
                double sum = 0;
                for (int c = i * classes; c < (i + 1) * classes; c++) {
                    sum += StrictMath.exp((double) logits[c] - logits[best]);
                }
                count(1 / sum, best - i * classes == labels[i]);
            }
        }

        private void count(double confidence, boolean hit) {
            if (Double.isNaN(confidence)) {
                undefined = true;
                return;
            }
            int bin = (int) Math.ceil(confidence * count) - 1;
            surplus[Math.max(0, Math.min(bin, count - 1))] += confidence - (hit ? 1 : 0);
        }

        private double error(int examples) {
            double sum = 0;
            for (double of : surplus) {
                sum += Math.abs(of);
            }
            return undefined ? Double.NaN : sum / examples;
        }
    }
}
