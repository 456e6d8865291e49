package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.basinlab.workflow.StudyState;
import org.jboss.logging.Logger;

/**
 * The way back into the queue for judges that failed. What a study claims is fixed when it is submitted: submitted anew after the
 * program was mended, its numbers would be there before it and its verdicts exploratory. So the same study judges again.
 */
@ApplicationScoped
class SecondJudging {

    private static final Logger LOG = Logger.getLogger(SecondJudging.class);

    /** Failed judges of the newest version that issued nothing; a verdict of a claim of theirs is not asked for twice. */
    private static final String REOPEN = """
            UPDATE ledger.task t
               SET outcome = NULL, reason = NULL, finished_at = NULL
             WHERE t.study_id = :study
               AND t.kind = 'judge'
               AND t.outcome = 'FAILED'
               AND t.version = (SELECT max(v.version) FROM ledger.study_version v WHERE v.study_id = t.study_id)
               AND NOT EXISTS (
                   SELECT
                     FROM ledger.verdict d
                    WHERE (d.study_id, d.version) = (t.study_id, t.version)
                      AND d.claim IN (SELECT jsonb_array_elements_text(t.parameters #> '{judge,claims}')))
            """;

    private static final String QUEUE = """
            INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at)
            SELECT t.id, t.study_id, 'READY', 0, clock_timestamp(), t.ordinal, clock_timestamp()
              FROM ledger.task t
             WHERE t.study_id = :study
               AND t.kind = 'judge'
               AND t.outcome IS NULL
            """;

    private final Rows.Studies studies;
    private final EntityManager entities;

    SecondJudging(Rows.Studies studies, EntityManager entities) {
        this.studies = studies;
        this.entities = entities;
    }

    /**
     * Makes the failed judges of a failed study ready again, and the study run; attempts that were made stay. Everything else that
     * failed stays as it is. The study is held first, as where it is settled.
     *
     * @return whether there was one; if not, nothing is changed
     */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean release(UUID studyId) {
        StudyRow study = studies.getLocked(studyId);
        if (study.state() != StudyState.FAILED || change(REOPEN, studyId) == 0) {
            return false;
        }
        int judges = change(QUEUE, studyId);
        study.reopen();
        LOG.infof("study %s: %d of its judges failed and issued nothing, they judge again", studyId, judges);
        return true;
    }

    private int change(String sql, UUID study) {
        return entities.createNativeQuery(sql).setParameter("study", study).executeUpdate();
    }
}
