package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.basinlab.workflow.TaskState;
import org.jspecify.annotations.Nullable;

/** A task that is not at its end, narrow because it changes often; deleted when the task ends. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "task_queue")
public class QueueEntry {

    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Column(name = "study_id", updatable = false)
    private UUID studyId;

    @Enumerated(EnumType.STRING)
    private TaskState state;

    private int missing;

    @Column(name = "run_at")
    private Instant runAt;

    private @Nullable Long token;

    @Column(name = "worker_id")
    private @Nullable UUID workerId;

    @Column(name = "lease_until")
    private @Nullable Instant leaseUntil;

    private int failures;
    private int losses;

    protected QueueEntry() {}

    UUID taskId() {
        return taskId;
    }

    int failures() {
        return failures;
    }

    /** Whether this token is the newest of the task: only its holder's result counts. */
    boolean isNewest(long candidate) {
        return token != null && token == candidate;
    }

    /** Whether the task is still leased under this token. */
    boolean isHeldUnder(long candidate) {
        return state == TaskState.LEASED && isNewest(candidate);
    }

    @Nullable
    Long token() {
        return token;
    }

    /** One more of its inputs is there. */
    void inputArrived() {
        missing--;
        if (missing == 0) {
            become(TaskState.READY);
        }
    }

    boolean isReady() {
        return state == TaskState.READY;
    }

    /** The attempt failed in a way that may not come again. */
    void retryAfter(Duration delay, Instant now) {
        giveBack();
        token = null;
        failures++;
        runAt = now.plus(delay);
    }

    /** The worker is not heard of; that says nothing about the task, and its result counts until another takes it. */
    void lose() {
        giveBack();
        losses++;
    }

    /** The worker gives the task back unharmed. */
    void release() {
        giveBack();
        token = null;
    }

    /** The worker cannot run the task yet. */
    void postpone(Duration delay, Instant now) {
        release();
        runAt = now.plus(delay);
    }

    private void giveBack() {
        become(TaskState.READY);
        workerId = null;
        leaseUntil = null;
    }

    private void become(TaskState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("task %s cannot go from %s to %s".formatted(taskId, state, next));
        }
        state = next;
    }
}
