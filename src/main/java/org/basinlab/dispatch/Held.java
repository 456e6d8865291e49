package org.basinlab.dispatch;

import java.util.concurrent.CancellationException;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Progress;

/** A lease in the hands of one slot: how far its task is, and whether it must stop. */
final class Held implements Progress {

    private final Lease lease;
    private volatile double fraction;
    private volatile boolean stop;
    private volatile boolean lost;

    Held(Lease lease) {
        this.lease = lease;
    }

    Lease lease() {
        return lease;
    }

    double fraction() {
        return fraction;
    }

    /** The task is to be given back at its next step. */
    void stop() {
        stop = true;
    }

    /** Another worker may have the task by now: whatever comes out here does not count. */
    void lose() {
        lost = true;
        stop = true;
    }

    boolean isLost() {
        return lost;
    }

    @Override
    public void at(double done) {
        if (stop) {
            throw new CancellationException(lost ? "the lease was lost" : "the worker stops");
        }
        fraction = done;
    }
}
