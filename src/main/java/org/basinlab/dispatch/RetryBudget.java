package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/**
 * When this process may ask a store again that did not answer: the waits grow and half of each is left to chance, and all slots
 * together ask at most so often, so that a store that comes back is not overrun.
 */
@ApplicationScoped
class RetryBudget {

    /** At most 20 a second in one process, however many slots it has. */
    private static final long BETWEEN_NANOS = Duration.ofMillis(50).toNanos();

    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 3_000;

    /** Other processes wait for other times. */
    private final RandomGenerator chance =
            Seeds.generator(Seeds.derive(ProcessHandle.current().pid(), "retries", System.nanoTime()));

    private long next = System.nanoTime();

    /** How long to wait before one more try. */
    synchronized Duration turn(int tries) {
        long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(5, Math.max(0, tries - 1)));
        long wait = (long) (longest * 1e6 * (0.5 + 0.5 * chance.nextDouble()));
        long now = System.nanoTime();
        long at = Math.max(now + wait, next);
        next = at + BETWEEN_NANOS;
        return Duration.ofNanos(at - now);
    }

    /** About {@code time}, between three and five quarters of it: those who wait for the same do not wake together. */
    synchronized Duration about(Duration time) {
        return Duration.ofNanos((long) (time.toNanos() * (0.75 + 0.5 * chance.nextDouble())));
    }
}
