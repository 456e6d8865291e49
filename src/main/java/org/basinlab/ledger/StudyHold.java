package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.workflow.StudyState;

/**
 * Holds a study and all of its tasks that are in the queue until the end of the caller's transaction: whoever adds tasks, takes some
 * out or ends the study. Without it a task could end while others that need it are being added, and they would wait for ever.
 */
@ApplicationScoped
class StudyHold {

    private static final String TASKS = """
            SELECT q.task_id
              FROM ledger.task_queue q
             WHERE q.study_id = ?
             ORDER BY q.task_id
               FOR UPDATE
            """;

    private static final String STUDY = """
            SELECT s.state, s.keep, s.started_at IS NOT NULL, s.bundle IS NOT NULL
              FROM ledger.study s
             WHERE s.id = ?
               FOR NO KEY UPDATE
            """;

    private final Statements statements;

    StudyHold(Statements statements) {
        this.statements = statements;
    }

    /** The tasks first and then the study, as those do who finish tasks; empty where there is no such study. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Held> holdWithTasks(UUID study) {
        statements.list(TASKS, row -> row.getObject(1, UUID.class), study);
        return hold(study);
    }

    /** The study alone. */
    @Transactional(Transactional.TxType.MANDATORY)
    Optional<Held> hold(UUID study) {
        return statements.find(
                STUDY,
                row -> new Held(
                        study,
                        StudyState.valueOf(row.getString(1)),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getBoolean(4)),
                study);
    }

    /**
     * A study as it is while it is held.
     *
     * @param started whether a task of it was ever taken
     * @param imported whether it came with a bundle: nothing of it is run here
     */
    record Held(UUID id, StudyState state, String keep, boolean started, boolean imported) {}
}
