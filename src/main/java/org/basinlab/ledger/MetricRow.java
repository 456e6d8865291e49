package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.util.UUID;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;
import org.jspecify.annotations.Nullable;

/** One measured number about one network. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "metric")
public class MetricRow {

    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "metric_id")
    @SequenceGenerator(name = "metric_id", schema = "ledger", sequenceName = "metric_id", allocationSize = 50)
    private @Nullable Long id;

    @Column(name = "task_id")
    private UUID taskId;

    @Column(name = "network_id")
    private UUID networkId;

    private String metric;
    private String variant;
    private @Nullable String space;

    @Column(precision = 12, scale = 6)
    private @Nullable BigDecimal at;

    private @Nullable String split;
    private @Nullable Integer images;

    @Column(name = "\"value\"")
    private double value;

    private String status;

    protected MetricRow() {}

    MetricRow(UUID taskId, UUID networkId, Measurement measured) {
        this.taskId = taskId;
        this.networkId = networkId;
        this.metric = measured.metric();
        this.variant = measured.variant();
        this.space = measured.space().orElse(null);
        this.at = measured.at().orElse(null);
        this.split = measured.split().map(Split::label).orElse(null);
        this.images = measured.images().isPresent() ? measured.images().getAsInt() : null;
        this.value = measured.value();
        this.status = measured.status();
    }
}
