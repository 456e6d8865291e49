package org.basinlab.chaos;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Says what a wait is for, once it has taken a while, and now and then again: who looks on sees that the run goes on. */
final class Waits {

    static final Duration BETWEEN = Duration.ofSeconds(10);

    private final Consumer<String> say;
    private final Supplier<String> what;
    private final long began;
    private long toldAt;

    /** @param what is waited for, as it stands when it is said */
    Waits(Consumer<String> say, Supplier<String> what, long nanoTime) {
        this.say = say;
        this.what = what;
        this.began = nanoTime;
        this.toldAt = nanoTime;
    }

    /** To be called now and then. */
    void look(long nanoTime) {
        if (nanoTime - toldAt >= BETWEEN.toNanos()) {
            toldAt = nanoTime;
            say.accept(
                    "     %d s: %s".formatted(Duration.ofNanos(nanoTime - began).toSeconds(), what.get()));
        }
    }
}
