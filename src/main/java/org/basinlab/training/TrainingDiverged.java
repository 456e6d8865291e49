package org.basinlab.training;

/** A loss or a weight became NaN or infinite. The same training would end so again: there is no point in a retry. */
public final class TrainingDiverged extends RuntimeException {

    private final int epoch;
    private final int step;

    TrainingDiverged(String what, double value, int epoch, int step) {
        super("%s became %s in epoch %d, step %d; a smaller learning rate may help"
                .formatted(what, value, epoch, step));
        this.epoch = epoch;
        this.step = step;
    }

    /** From 1. */
    public int epoch() {
        return epoch;
    }

    /** The batch within the epoch, from 1. */
    public int step() {
        return step;
    }
}
