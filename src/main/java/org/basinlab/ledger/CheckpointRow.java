package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The exact bytes of a safetensors file, by their SHA-256. */
@Entity
@Table(schema = "ledger", name = "checkpoint")
public class CheckpointRow {

    @Id
    private String sha256;

    private long bytes;
    private int chunks;

    @Column(name = "dropped_at")
    private @Nullable Instant droppedAt;

    @Column(name = "damaged_at")
    private @Nullable Instant damagedAt;

    @SuppressWarnings("UnusedVariable") // Hibernate reads it
    private @Nullable String damage;

    protected CheckpointRow() {}

    CheckpointRow(String sha256, long bytes, int chunks) {
        this.sha256 = sha256;
        this.bytes = bytes;
        this.chunks = chunks;
    }

    long bytes() {
        return bytes;
    }

    int chunks() {
        return chunks;
    }

    boolean isDropped() {
        return droppedAt != null;
    }

    boolean isDamaged() {
        return damagedAt != null;
    }

    /** The bytes are given up; digest and lineage stay. */
    void drop(Instant now) {
        droppedAt = now;
        forgetDamage();
    }

    /** The bytes came again after they had been damaged or given up, or for the first time where only their digest was known. */
    void restore(long ofBytes, int inChunks) {
        bytes = ofBytes;
        chunks = inChunks;
        droppedAt = null;
        forgetDamage();
    }

    private void forgetDamage() {
        damagedAt = null;
        damage = null;
    }
}
