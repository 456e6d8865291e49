package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One try at a task by one worker under one lease. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "attempt")
@IdClass(AttemptRow.Key.class)
public class AttemptRow {

    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Id
    private int number;

    private long token;

    @Column(name = "worker_id")
    private UUID workerId;

    @Column(name = "ended_at")
    private @Nullable Instant endedAt;

    private @Nullable String outcome;
    private @Nullable String message;

    protected AttemptRow() {}

    /** A result that comes after its worker was given up, before another took the task, ends a lost attempt once more. */
    void end(End how, @Nullable String why, Instant now) {
        boolean cameAfterAll = outcome != null && outcome.equals(End.LOST.label()) && how != End.LOST;
        if (outcome != null && !cameAfterAll) {
            throw new IllegalStateException(
                    "attempt %d of task %s has already ended: %s".formatted(number, taskId, outcome));
        }
        outcome = how.label();
        message = why;
        endedAt = now;
    }

    /** The ways an attempt ends. */
    enum End {
        SUCCEEDED,
        FAILED,
        /** The worker fell silent. */
        LOST,
        /** The worker stopped, or has not what the task needs, and gave it back. */
        RELEASED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Names an attempt. */
    public record Key(UUID taskId, int number) implements Serializable {}
}
