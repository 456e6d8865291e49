package org.basinlab.dispatch;

import java.time.Duration;
import java.util.Optional;

/**
 * How long one attempt may take.
 *
 * @param run from its beginning to its end; no limit where absent
 * @param silence without progress; no limit where absent
 */
record AttemptTime(Optional<Duration> run, Optional<Duration> silence) {

    static final AttemptTime UNLIMITED = new AttemptTime(Optional.empty(), Optional.empty());

    /** Why an attempt must end by now, if it must; both times in nanoseconds, by a clock that never goes back. */
    Optional<String> exceeded(long sinceBegin, long sinceProgress) {
        if (run.filter(most -> sinceBegin > most.toNanos()).isPresent()) {
            return Optional.of("it must end within %d s (limits.run)"
                    .formatted(run.orElseThrow().toSeconds()));
        }
        if (silence.filter(most -> sinceProgress > most.toNanos()).isPresent()) {
            return Optional.of("it must get on within %d s (limits.silence)"
                    .formatted(silence.orElseThrow().toSeconds()));
        }
        return Optional.empty();
    }
}
