package org.basinlab.training;

import java.util.List;
import org.basinlab.network.Weights;

/** The end of a training: the last weights, and a score for every epoch in turn. */
public record TrainedNetwork(Weights weights, List<EpochScore> epochs) {

    public TrainedNetwork {
        epochs = List.copyOf(epochs);
    }
}
