package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.basinlab.study.Keep;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskState;
import org.jboss.logging.Logger;

/** The end of a study: when none of its tasks is in the queue any more. */
@ApplicationScoped
class Settlement {

    private static final Logger LOG = Logger.getLogger(Settlement.class);

    /** Checkpoints of this study's merges that no other study holds: one that keeps all, or is not at its end. */
    private static final String EXPENDABLE = """
            SELECT DISTINCT n.sha256
              FROM ledger.task t
              JOIN ledger.network n ON n.id = t.network_id
             WHERE t.study_id = :study
               AND n.origin = 'merged'
               AND NOT EXISTS (
                   SELECT
                     FROM ledger.network same
                     JOIN ledger.task o ON o.network_id = same.id
                     JOIN ledger.study s ON s.id = o.study_id
                    WHERE same.sha256 = n.sha256
                      AND (same.origin = 'trained'
                           OR s.keep = 'all'
                           OR s.id <> :study AND s.state IN ('QUEUED', 'RUNNING', 'PAUSED')))
            """;

    private final Rows.Studies studies;
    private final Rows.Queue queue;
    private final Rows.Tasks tasks;
    private final Checkpoints checkpoints;
    private final EntityManager entities;
    private final DatabaseClock clock;

    Settlement(
            Rows.Studies studies,
            Rows.Queue queue,
            Rows.Tasks tasks,
            Checkpoints checkpoints,
            EntityManager entities,
            DatabaseClock clock) {
        this.studies = studies;
        this.queue = queue;
        this.tasks = tasks;
        this.checkpoints = checkpoints;
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Ends the study if its last task has ended. The study is held first: of two last tasks that finish at the same time
     * the second sees the first.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void settleIfDone(UUID studyId) {
        StudyRow study = studies.getLocked(studyId);
        if (study.state().isTerminal() || queue.count("studyId", studyId) > 0) {
            return;
        }
        boolean failed = tasks.count("studyId = ?1 and outcome <> ?2", studyId, TaskState.SUCCEEDED) > 0;
        StudyState end = failed ? StudyState.FAILED : StudyState.SUCCEEDED;
        study.settle(end, clock.now());
        if (study.keep().equals(Keep.LEAVES.label())) {
            listExpendable(studyId).forEach(checkpoints::drop);
        }
        LOG.infof("study %s: %s", studyId, end);
    }

    private List<String> listExpendable(UUID studyId) {
        return entities
                .createNativeQuery(EXPENDABLE, String.class)
                .setParameter("study", studyId)
                .getResultList()
                .stream()
                .map(String.class::cast)
                .toList();
    }
}
