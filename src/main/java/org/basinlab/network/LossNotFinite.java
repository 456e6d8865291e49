package org.basinlab.network;

/** The loss of a batch became NaN or infinite. */
public final class LossNotFinite extends RuntimeException {

    private final double loss;
    private final int step;

    LossNotFinite(double loss, int step) {
        super("loss became %s in step %d".formatted(loss, step));
        this.loss = loss;
        this.step = step;
    }

    /** What it became. */
    public double loss() {
        return loss;
    }

    /** The step since the last {@link Learner#countFrom}, from 1. */
    public int step() {
        return step;
    }
}
