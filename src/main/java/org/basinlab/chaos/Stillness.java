package org.basinlab.chaos;

import java.time.Duration;

/** For how long nothing has changed in the queue: no task taken, no progress, no end. */
final class Stillness {

    /** No wait of the engine is as long, and a task that gets on says so with every heartbeat. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    private final Look look;
    private String before = "";
    private long since = System.nanoTime();

    Stillness(Look look) {
        this.look = look;
    }

    /** To be asked now and then. */
    boolean isTooLong() {
        String now = look.stillness();
        if (!now.equals(before)) {
            before = now;
            since = System.nanoTime();
        }
        return System.nanoTime() - since > LONGEST.toNanos();
    }
}
