package org.basinlab.network;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link MomentumRule} computes. */
final class Nd4jMomentum extends Nd4jRule {

    private final Optimiser.Sgd sgd;
    private final INDArray velocity;

    Nd4jMomentum(Optimiser.Sgd sgd, Optional<Penalty> penalty, INDArray weights, INDArray gradient) {
        super(penalty, weights, gradient, List.of(DeviceArray.floats(weights.length())));
        this.sgd = sgd;
        velocity = memory().get(0).flat();
    }

    @Override
    void change(double rate, int step) {
        scale(sgd.momentum(), velocity);
        velocity.addi(gradient());
        if (sgd.nesterov()) {
            addTimes(sgd.momentum(), velocity, gradient());
            addTimes(-rate, gradient(), weights());
        } else {
            addTimes(-rate, velocity, weights());
        }
    }
}
