package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** One plan of a study: immutable, a change makes the next version. */
@Entity
@SuppressWarnings("UnusedVariable") // Hibernate reads the fields
@Table(schema = "ledger", name = "study_version")
@IdClass(StudyVersionRow.Key.class)
public class StudyVersionRow {

    @Id
    @Column(name = "study_id")
    private UUID studyId;

    @Id
    private int version;

    @JdbcTypeCode(SqlTypes.JSON)
    private String canonical;

    private int tasks;

    protected StudyVersionRow() {}

    StudyVersionRow(UUID studyId, int version, String canonical, int tasks) {
        this.studyId = studyId;
        this.version = version;
        this.canonical = canonical;
        this.tasks = tasks;
    }

    /** Names a version. */
    public record Key(UUID studyId, int version) implements Serializable {}
}
