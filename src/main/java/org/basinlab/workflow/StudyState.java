package org.basinlab.workflow;

/** Where a study stands. */
public enum StudyState {
    /** Accepted; none of its tasks was taken yet. */
    QUEUED,
    RUNNING,
    /** Running tasks finish, none starts. */
    PAUSED,
    SUCCEEDED,
    /** Something in it failed; the rest is complete. */
    FAILED,
    CANCELLED;

    /** Whether all of its tasks are at an end. */
    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, RUNNING, PAUSED -> false;
            case SUCCEEDED, FAILED, CANCELLED -> true;
        };
    }
}
