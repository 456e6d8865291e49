package org.basinlab.ledger;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** At most 1 MiB of a checkpoint, with the SHA-256 of just these bytes. */
@Entity
@Table(schema = "ledger", name = "checkpoint_chunk")
@IdClass(ChunkRow.Key.class)
public class ChunkRow {

    @Id
    private String sha256;

    @Id
    private int position;

    private String digest;
    private byte[] content;

    protected ChunkRow() {}

    ChunkRow(String sha256, int position, String digest, byte[] content) {
        this.sha256 = sha256;
        this.position = position;
        this.digest = digest;
        this.content = content;
    }

    int position() {
        return position;
    }

    String digest() {
        return digest;
    }

    byte[] content() {
        return content;
    }

    /** Names a chunk. */
    public record Key(String sha256, int position) implements Serializable {}
}
