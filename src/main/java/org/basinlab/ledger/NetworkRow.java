package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A trained or merged network, made by exactly one task. */
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
            UUID id, UUID taskId, boolean trained, Architecture architecture, String sha256, Optional<String> start) {
        this.id = id;
        this.taskId = taskId;
        this.origin = trained ? "trained" : "merged";
        this.architecture = CanonicalJson.write(architecture);
        this.label = architecture.label();
        this.parameters = architecture.parameterCount();
        this.sha256 = sha256;
        this.initialisedFrom = start.orElse(null);
    }

    UUID id() {
        return id;
    }

    String sha256() {
        return sha256;
    }
}
