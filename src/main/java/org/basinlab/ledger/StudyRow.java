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
import org.basinlab.study.Study;
import org.basinlab.workflow.StudyState;
import org.jspecify.annotations.Nullable;

/** One submitted study. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "study")
public class StudyRow {

    @Id
    private UUID id;

    private String name;
    private @Nullable String paper;
    private long seed;
    private String identity;
    private String specification;
    private String keep;

    @Enumerated(EnumType.STRING)
    private StudyState state;

    @Column(name = "idempotency_key")
    private @Nullable String idempotencyKey;

    @Column(name = "created_at", insertable = false, updatable = false)
    private @Nullable Instant createdAt;

    @Column(name = "started_at")
    private @Nullable Instant startedAt;

    @Column(name = "finished_at")
    private @Nullable Instant finishedAt;

    /** SHA-256 of the bundle that it came in. */
    @Column(insertable = false, updatable = false)
    private @Nullable String bundle;

    protected StudyRow() {}

    StudyRow(UUID id, Study study, String specification, String identity, Optional<String> idempotencyKey) {
        this.id = id;
        this.name = study.name();
        this.paper = study.paper().orElse(null);
        this.seed = study.seed();
        this.identity = identity;
        this.specification = specification;
        this.keep = study.keep().label();
        this.state = StudyState.QUEUED;
        this.idempotencyKey = idempotencyKey.orElse(null);
    }

    UUID id() {
        return id;
    }

    String keep() {
        return keep;
    }

    StudyState state() {
        return state;
    }
}
