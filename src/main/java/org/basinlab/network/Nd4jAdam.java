package org.basinlab.network;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What {@link AdamRule} computes. ND4J's operation adds ε to √v without the correction 1/√(1−β₂ᵗ), so it is given the ε that
 * makes both the same: ε·√(1−β₂ᵗ).
 */
final class Nd4jAdam extends Nd4jRule {

    /** The operation takes ε in place of a rate of exactly 0, with which a warm-up may begin. */
    private static final double NEXT_TO_NOTHING = 1e-30;

    private final Optimiser.Adam adam;
    private final double decay;
    private final INDArray mean;
    private final INDArray square;

    /** @param decay the decoupled weight decay; 0 for plain Adam */
    Nd4jAdam(Optimiser.Adam adam, double decay, Optional<Penalty> penalty, INDArray weights, INDArray gradient) {
        super(
                penalty,
                weights,
                gradient,
                List.of(DeviceArray.floats(weights.length()), DeviceArray.floats(weights.length())));
        this.adam = adam;
        this.decay = decay;
        mean = memory().get(0).flat();
        square = memory().get(1).flat();
    }

    @Override
    void change(double rate, int step) {
        if (decay > 0) {
            scale(1 - rate * decay, weights());
        }
        double epsilon = adam.epsilon() * Math.sqrt(1 - StrictMath.pow(adam.beta2(), step));
        Nd4j.exec(new AdamUpdater(
                gradient(),
                square,
                mean,
                Math.max(rate, NEXT_TO_NOTHING),
                adam.beta1(),
                adam.beta2(),
                epsilon,
                step - 1));
        weights().subi(gradient());
    }
}
