package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * How a study is to be run; no part of the question, so that equal studies are equal however they are run.
 *
 * @param priority before studies of a lower one, in [-100, 100]; 0 unless given
 * @param maxRunning how many of its tasks run at a time; no bound where absent
 * @param device {@code any}, {@code cpu} or {@code gpu}
 * @param limits by kind of task ({@code train}, …), what they may take; defaults elsewhere
 * @param schedule when to run it again and again; absent for at once
 */
@JsonInclude(NON_ABSENT)
public record RunSettings(
        int priority,
        Optional<Integer> maxRunning,
        String device,
        @JsonInclude(NON_EMPTY) Map<String, TimeLimits> limits,
        Optional<Schedule> schedule) {

    /** What holds where nothing is said. */
    public static final RunSettings DEFAULT = new RunSettings(0, Optional.empty(), "any", Map.of(), Optional.empty());

    public RunSettings {
        limits = Map.copyOf(limits);
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
     * When.
     *
     * @param cron Quartz's expression, {@code 0 0 2 * * ?}
     * @param misfire {@code fire-once} or {@code skip}: what happens to times at which no server was there
     * @param timeZone {@code UTC} unless given
     */
    public record Schedule(String cron, String misfire, String timeZone) {}
}
