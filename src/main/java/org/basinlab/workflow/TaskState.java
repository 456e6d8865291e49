package org.basinlab.workflow;

import java.util.EnumSet;
import java.util.Set;

/** Where a task stands, and where it may go from there. */
public enum TaskState {
    /** Some of its inputs are not there yet. */
    WAITING,
    /** All inputs are there; a worker may take it. */
    READY,
    /** A worker holds it until its deadline. */
    LEASED,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    /** Something that it needs failed or was cancelled. */
    BLOCKED;

    /** The states that may follow this one. */
    public Set<TaskState> next() {
        return switch (this) {
            case WAITING -> EnumSet.of(READY, SUCCEEDED, BLOCKED, CANCELLED);
            case READY -> EnumSet.of(LEASED, SUCCEEDED, FAILED, CANCELLED, BLOCKED);
            case LEASED -> EnumSet.of(SUCCEEDED, FAILED, READY, CANCELLED);
            case SUCCEEDED, FAILED, CANCELLED, BLOCKED -> EnumSet.noneOf(TaskState.class);
        };
    }

    /** Whether nothing follows without an explicit retry. */
    public boolean isTerminal() {
        return next().isEmpty();
    }
}
