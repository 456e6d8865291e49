package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.recipe.ProbeBehaviour;

/**
 * Tasks that compute nothing, to try a queue, its workers and limits with.
 *
 * @param tasks how many, 1 to {@value ArmSize#MOST_TASKS}
 * @param seconds that each waits, 0 to {@value #MOST_SECONDS}
 * @param label of every task, so that all are equal and the work is done once; a label each where absent
 * @param misbehave shares of the tasks that behave otherwise, drawn by the study's seed; at most 1 in all
 */
public record Probe(
        Shape shape,
        int tasks,
        double seconds,
        @JsonInclude(NON_ABSENT) Optional<String> label,

        @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<Share> misbehave) {

    public static final int MOST_SECONDS = 86_400;

    public Probe {
        misbehave = List.copyOf(misbehave);
    }

    /** What waits for what. */
    public enum Shape {
        /** Nothing for anything. */
        WIDE,
        /** Each for the one before. */
        CHAIN,
        /** The last for all others. */
        FAN_IN,
        /** Pairs of tasks for one, pairs of those for one, up to the last. */
        TREE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The part of the tasks, in [0, 1], that behave so. */
    public record Share(ProbeBehaviour behaviour, double of) {}
}
