package org.basinlab.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;

/** One input of a task: the task whose network it takes. */
@Entity
@Table(schema = "ledger", name = "task_input")
@IdClass(TaskInputRow.Key.class)
public class TaskInputRow {

    @Id
    @Column(name = "task_id")
    private UUID taskId;

    @Id
    private int position;

    @Column(name = "input_task_id")
    private UUID inputTaskId;

    protected TaskInputRow() {}

    /** Names an input. */
    public record Key(UUID taskId, int position) implements Serializable {}
}
