package org.basinlab.evaluation;

import java.nio.FloatBuffer;
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
 */
public record Answers(Score score, BitSet correct) {

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
        Counting counting = new Counting();
        JointPass.over(networks, examples, progress, counting);
        Tally tally = counting.tally;
        return new Answers(new Score(tally.accuracy(), tally.loss(), tally.images()), counting.correct);
    }

    private static final class Counting implements JointPass.Visitor {

        private final BitSet correct = new BitSet();
        private Tally tally = Tally.NONE;

        @Override
        public void visit(int from, int[] labels, float[] logits) {
            tally = tally.plus(CrossEntropy.of(FloatBuffer.wrap(logits), labels, labels.length));
            int classes = logits.length / labels.length;
            float[] row = new float[classes];
            for (int i = 0; i < labels.length; i++) {
                System.arraycopy(logits, i * classes, row, 0, classes);
                correct.set(from + i, CrossEntropy.isHit(row, labels[i]));
            }
        }
    }
}
