package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A network, made by exactly one task: trained, merged, or a control that a merge is set against. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "network")
public class NetworkRow {

    @Id
    private UUID id;

    @Column(name = "task_id")
    private UUID taskId;

    private String origin;

    @JdbcTypeCode(SqlTypes.JSON)
    private String architecture;

    private String label;
    private long parameters;
    private String sha256;

    @Column(name = "initialised_from")
    private @Nullable String initialisedFrom;

    protected NetworkRow() {}

    /** @param start SHA-256 of the network that its training started from, where it did */
    NetworkRow(
            UUID id,
            UUID taskId,
            TaskSpec.Kind madeBy,
            Architecture architecture,
            String sha256,
            Optional<String> start) {
        this.id = id;
        this.taskId = taskId;
        this.origin = origin(madeBy);
        this.architecture = CanonicalJson.write(architecture);
        this.label = architecture.label();
        this.parameters = architecture.parameterCount();
        this.sha256 = sha256;
        this.initialisedFrom = start.orElse(null);
    }

    private static String origin(TaskSpec.Kind madeBy) {
        return switch (madeBy) {
            case TRAIN -> "trained";
            case MERGE -> "merged";
            case CONTROL -> "control";
            case EVALUATE, JUDGE, PROBE ->
                throw new IllegalArgumentException("a task that measures, judges or probes makes no network");
        };
    }

    UUID id() {
        return id;
    }

    String sha256() {
        return sha256;
    }
}
