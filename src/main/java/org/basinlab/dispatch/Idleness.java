package org.basinlab.dispatch;

import java.util.function.Consumer;

/**
 * Whether slots of this process have nothing to do, and whether the store knows: others send a wake-up only to those who idle.
 * Who goes idle is first marked and then looks once more, so that nothing that became ready in between is missed.
 */
final class Idleness {

    private int idle;
    private boolean marked;

    /**
     * A slot found nothing.
     *
     * @param mark tells the store
     * @return whether the store did not know and does now: the slot is to look again before it waits
     */
    synchronized boolean begin(Consumer<Boolean> mark) {
        if (!marked) {
            mark.accept(true);
            marked = true;
            idle++;
            return true;
        }
        idle++;
        return false;
    }

    /** A slot has done with waiting; the store learns it by the next heartbeat, which costs others a wake-up at most. */
    synchronized void end() {
        idle--;
    }

    /** Tells the store how it is now, together with whatever else {@code mark} says. */
    synchronized void tell(Consumer<Boolean> mark) {
        boolean now = idle > 0;
        mark.accept(now);
        marked = now;
    }

    synchronized int slots() {
        return idle;
    }
}
