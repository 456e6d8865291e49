package org.basinlab.evaluation;

import java.util.BitSet;
import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * How well a classifier tells examples apart, example by example.
 *
 * @param correct bit i is set where example i was classified as its label
 */
public record Answers(Score score, BitSet correct) {

    /** Of one network; the score is that of {@link Score#of}, bit for bit. */
    public static Answers of(Weights weights, Examples examples, Progress progress) {
        throw new UnsupportedOperationException();
    }

    /** Of several networks that answer by the mean of their logits. */
    public static Answers ofLogitMean(List<Weights> networks, Examples examples, Progress progress) {
        throw new UnsupportedOperationException();
    }
}
