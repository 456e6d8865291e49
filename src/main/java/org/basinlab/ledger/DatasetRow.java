package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A data set that some task read, by the digest of its records. */
@Entity
@Table(schema = "ledger", name = "dataset")
public class DatasetRow {

    @Id
    private String digest;

    private String name;
    private boolean official;

    @Column(name = "train_images")
    private int trainImages;

    @Column(name = "test_images")
    private int testImages;

    protected DatasetRow() {}

    DatasetRow(DataFacts facts) {
        this.digest = facts.digest();
        this.name = facts.name().label();
        this.official = facts.official();
        this.trainImages = facts.trainImages();
        this.testImages = facts.testImages();
    }
}
