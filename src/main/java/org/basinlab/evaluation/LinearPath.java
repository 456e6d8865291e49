package org.basinlab.evaluation;

import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * Loss and accuracy on the line from one network to another, (1−λ)·A + λ·B.
 *
 * @param lambdas from 0 to 1
 * @param scores one for each λ
 */
public record LinearPath(List<Double> lambdas, List<Score> scores) {

    public LinearPath {
        lambdas = List.copyOf(lambdas);
        scores = List.copyOf(scores);
    }

    public static LinearPath between(Weights a, Weights b, Examples examples, int lambdas, Progress progress) {
        throw new UnsupportedOperationException();
    }

    /** Largest loss minus the mean loss of the ends, nats. */
    public double lossBarrier() {
        throw new UnsupportedOperationException();
    }

    /** Mean accuracy of the ends minus the smallest accuracy. */
    public double accuracyBarrier() {
        throw new UnsupportedOperationException();
    }

    /** Largest rise of the loss above the straight line between those of the ends, nats. */
    public double lossBarrierAboveChord() {
        throw new UnsupportedOperationException();
    }

    /** Largest fall of the accuracy below the straight line between those of the ends. */
    public double accuracyBarrierBelowChord() {
        throw new UnsupportedOperationException();
    }
}
