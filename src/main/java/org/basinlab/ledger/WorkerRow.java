package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One process that takes tasks, for as long as it lives. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "worker")
public class WorkerRow {

    @Id
    private UUID id;

    private String host;
    private String machine;
    private long pid;

    @Column(name = "process_started")
    private @Nullable Instant processStarted;

    private int slots;
    private String device;

    @Column(name = "memory_bytes")
    private long memoryBytes;

    @JdbcTypeCode(SqlTypes.JSON)
    private String environment;

    @Column(name = "schema_version")
    private @Nullable Integer schemaVersion;

    @Column(name = "code_version")
    private @Nullable String codeVersion;

    @Column(name = "stopped_at")
    private @Nullable Instant stoppedAt;

    /** While it lives, heartbeats say so. */
    private String state = WorkerState.ACTIVE.label();

    @Column(name = "idle_since")
    private @Nullable Instant idleSince;

    protected WorkerRow() {}

    WorkerRow(UUID id, WorkerFacts facts, String environment) {
        this.id = id;
        this.host = facts.host();
        this.machine = facts.machine();
        this.pid = facts.pid();
        this.processStarted = facts.processStarted().orElse(null);
        this.slots = facts.slots();
        this.device = facts.device();
        this.memoryBytes = facts.memoryBytes();
        this.environment = environment;
        this.schemaVersion = facts.schemaVersion();
        this.codeVersion = facts.codeVersion();
    }

    UUID id() {
        return id;
    }

    ProcessName process() {
        return new ProcessName(pid, Optional.ofNullable(processStarted));
    }

    void stop(Instant now) {
        stoppedAt = now;
        state = WorkerState.STOPPED.label();
        idleSince = null;
    }
}
