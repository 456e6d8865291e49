package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.basinlab.network.CrossEntropy;
import org.basinlab.network.Examples;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * How well a classifier tells examples apart, example by example.
 *
 * @param correct bit i is set where example i was classified as its label: of equal logits the lowest class counts, and
 *     none of an example with a NaN
 * @param marginMedian median over examples of the label's logit minus the largest other one, the lower of two in the
 *     middle; without examples whose margin is NaN, and NaN where no other is left
 */
public record Answers(Score score, BitSet correct, double marginMedian) {

    public Answers {
        correct = (BitSet) correct.clone();
    }

    @Override
    public BitSet correct() {
        return (BitSet) correct.clone();
    }

    /**
     * Of one network; the score is that of {@link Score#of}, bit for bit.
     *
     * @throws IllegalArgumentException if the examples have another number of inputs than the network, or too high a
     *     label
     */
    public static Answers of(Weights weights, Examples examples, Progress progress) {
        return ofLogitMean(List.of(weights), examples, progress);
    }

    /**
     * Of several networks that answer by the mean of their logits, summed in float64 in the order given and rounded to
     * float32 once; of one network, its own answers.
     *
     * @param networks at least one; of several architectures if they agree in inputs and classes
     * @throws IllegalArgumentException if they do not, or the examples have another number of inputs, or too high a label
     */
    public static Answers ofLogitMean(List<Weights> networks, Examples examples, Progress progress) {
        return of(Ensemble.of(Ensemble.How.LOGITS, networks), examples, progress);
    }

    /**
     * Of anything that gives logits.
     *
     * @throws IllegalArgumentException if the examples have another number of inputs, or too high a label
     */
    public static Answers of(Answering answering, Examples examples, Progress progress) {
        Counting counting = new Counting(examples.count());
        answering.over(examples, progress, counting);
        Tally tally = counting.tally;
        return new Answers(
                new Score(tally.accuracy(), tally.loss(), tally.images()), counting.correct, counting.marginMedian());
    }

    private static final class Counting implements Answering.Visitor {

        private final BitSet correct = new BitSet();
        private final double[] margins;
        private int withMargin;
        private Tally tally = Tally.NONE;

        private Counting(int examples) {
            margins = new double[examples];
        }

        @Override
        public void visit(int from, int[] labels, float[] logits) {
            tally = tally.plus(CrossEntropy.of(FloatBuffer.wrap(logits), labels, labels.length));
            int classes = logits.length / labels.length;
            float[] row = new float[classes];
            for (int i = 0; i < labels.length; i++) {
                System.arraycopy(logits, i * classes, row, 0, classes);
                correct.set(from + i, CrossEntropy.isHit(row, labels[i]));
                double margin = margin(row, labels[i]);
                if (!Double.isNaN(margin)) {
                    margins[withMargin++] = margin;
                }
            }
        }

        private static double margin(float[] row, int label) {
            float other = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < row.length; c++) {
                other = c == label ? other : Math.max(other, row[c]); // NaN where one is
            }
            return (double) row[label] - other;
        }

        private double marginMedian() {
            if (withMargin == 0) {
                return Double.NaN;
            }
            double[] sorted = Arrays.copyOf(margins, withMargin);
            Arrays.sort(sorted);
            return sorted[(withMargin - 1) / 2];
        }
    }
}
