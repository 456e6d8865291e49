package org.basinlab.recipe;

import java.util.concurrent.CancellationException;

/** Told by long work how far it is; the way by which it learns that it must stop. */
@FunctionalInterface
public interface Progress {

    /** For work that nobody watches and nobody stops. */
    Progress UNWATCHED = fraction -> {};

    /**
     * Called between steps, at least every second or so.
     *
     * @param fraction done so far, in [0, 1], never falling
     * @throws CancellationException if the work must stop; it leaves nothing behind
     */
    void at(double fraction);

    /** One line for whoever looks at the work while it runs, {@code epoch 3 of 6}; a few a minute are enough. */
    default void says(String line) {}
}
