package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One task: what it is, and in the end what became of it. While it is neither, its state stands in the queue. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "task")
public class TaskRow {

    @Id
    private UUID id;

    @Column(name = "study_id", updatable = false)
    private UUID studyId;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    private String parameters;

    @Column(name = "data_digest", updatable = false)
    private @Nullable String dataDigest;

    private @Nullable String key;

    @Enumerated(EnumType.STRING)
    private @Nullable TaskState outcome;

    private @Nullable String reason;

    @Column(name = "network_id")
    private @Nullable UUID networkId;

    @Column(name = "reused_from")
    private @Nullable UUID reusedFrom;

    @Column(name = "finished_at")
    private @Nullable Instant finishedAt;

    protected TaskRow() {}

    UUID id() {
        return id;
    }

    UUID studyId() {
        return studyId;
    }

    TaskSpec spec() {
        return CanonicalJson.read(parameters, TaskSpec.class);
    }

    Optional<String> dataDigest() {
        return Optional.ofNullable(dataDigest);
    }

    Optional<UUID> networkId() {
        return Optional.ofNullable(networkId);
    }

    /** Whether the work was done for this task and not taken from an earlier one. */
    boolean isOriginal() {
        return reusedFrom == null;
    }

    @Nullable
    String key() {
        return key;
    }

    /** Its inputs are there, so the work is known in full. */
    void name(String taskKey) {
        key = taskKey;
    }

    void succeed(Optional<UUID> network, Instant now) {
        end(TaskState.SUCCEEDED, null, now);
        networkId = network.orElse(null);
    }

    /** An earlier task of the same key did this work. */
    void reuse(UUID earlier, Optional<UUID> network, Instant now) {
        succeed(network, now);
        reusedFrom = earlier;
    }

    void fail(String why, Instant now) {
        end(TaskState.FAILED, why, now);
    }

    private void end(TaskState state, @Nullable String why, Instant now) {
        if (outcome != null) {
            throw new IllegalStateException("task %s cannot go from %s to %s".formatted(id, outcome, state));
        }
        outcome = state;
        reason = why;
        finishedAt = now;
    }
}
