package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.NewNetwork;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** What became of one network in a merge. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "network_parent")
@IdClass(ParentRow.Key.class)
public class ParentRow {

    @Id
    @Column(name = "network_id")
    private UUID networkId;

    @Id
    private int position;

    @Column(name = "parent_id")
    private UUID parentId;

    private double share;

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable String permutation;

    protected ParentRow() {}

    ParentRow(UUID networkId, int position, UUID parentId, NewNetwork.Parent parent) {
        this.networkId = networkId;
        this.position = position;
        this.parentId = parentId;
        this.share = parent.share();
        this.permutation = parent.permutation().map(CanonicalJson::write).orElse(null);
    }

    /** Names a parent. */
    public record Key(UUID networkId, int position) implements Serializable {}
}
