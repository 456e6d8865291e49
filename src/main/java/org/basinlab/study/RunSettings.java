package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.Map;
import java.util.Optional;

/**
 * How a study is to be run; no part of the question, so that equal studies are equal however they are run.
 *
 * @param priority before studies of a lower one, in [-100, 100]; 0 unless given
 * @param maxRunning how many of its tasks run at a time, at least 1; no bound where absent
 * @param device {@code any}, {@code cpu} or {@code gpu}
 * @param limits by kind of task ({@code train}, …), what they may take; defaults elsewhere
 * @param schedule when to run it again and again; absent for at once
 */
@JsonInclude(NON_ABSENT)
public record RunSettings(
        int priority,
        Optional<Integer> maxRunning,
        String device,

        @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        Map<String, TimeLimits> limits,

        Optional<Schedule> schedule) {

    /** What holds where nothing is said. */
    public static final RunSettings DEFAULT = new RunSettings(0, Optional.empty(), "any", Map.of(), Optional.empty());

    /** Of the highest priority; the lowest is its negative. */
    public static final int HIGHEST_PRIORITY = 100;

    public RunSettings {
        limits = Map.copyOf(limits);
        if (Math.abs(priority) > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must lie in [-%d, %d], was %d".formatted(HIGHEST_PRIORITY, HIGHEST_PRIORITY, priority));
        }
        maxRunning.filter(most -> most < 1).ifPresent(most -> {
            throw new IllegalArgumentException("maxRunning must be at least 1, was " + most);
        });
    }

    /**
     * Seconds; no limit, or the default, where absent.
     *
     * @param queue from ready to taken
     * @param run of one attempt
     * @param silence without progress
     */
    @JsonInclude(NON_ABSENT)
    public record TimeLimits(Optional<Long> queue, Optional<Long> run, Optional<Long> silence) {}

    /**
     * When a study is run again and again.
     *
     * @param cron Quartz's expression, {@code 0 0 2 * * ?}
     * @param misfire {@code fire-once} or {@code skip}: what happens to times at which no server was there
     * @param timeZone {@code UTC} unless given
     */
    public record Schedule(String cron, String misfire, String timeZone) {}
}
