package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.basinlab.study.Keep;
import org.basinlab.workflow.StudyState;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The end of a study: its judges when nothing else of it is in the queue any more, and it itself when they are not either. */
@ApplicationScoped
public class Settlement {

    private static final Logger LOG = Logger.getLogger(Settlement.class);

    /**
     * Checkpoints of this study's merges and controls that no other study holds: one that keeps all, or is not at its end.
     * What is also a snapshot, was imported, or is the start of a training, stays.
     */
    private static final String EXPENDABLE = """
            SELECT DISTINCT n.sha256
              FROM ledger.task t
              JOIN ledger.network n ON n.id = t.network_id
             WHERE t.study_id = :study
               AND n.origin <> 'trained'
               AND (CAST(:sha256 AS text) IS NULL OR n.sha256 = CAST(:sha256 AS text))
               AND NOT EXISTS (SELECT FROM ledger.snapshot k WHERE k.sha256 = n.sha256)
               AND NOT EXISTS (SELECT FROM ledger.checkpoint k WHERE k.sha256 = n.sha256 AND k.imported_at IS NOT NULL)
               AND NOT EXISTS (SELECT FROM ledger.task k WHERE k.parameters #>> '{train,training,start}' = n.sha256)
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

    /** Nothing of them can go on: what waits, waits for something that is ready or in somebody's hands, or for the settlement. */
    private static final String STRANDED = """
            SELECT s.id
              FROM ledger.study s
             WHERE s.state IN ('QUEUED', 'RUNNING', 'PAUSED')
               AND NOT EXISTS (SELECT FROM ledger.task_queue q WHERE q.study_id = s.id AND q.state <> 'WAITING')
             ORDER BY s.id
            """;

    /** Whether anything but judges is in the queue. */
    private static final String GOES_ON = """
            SELECT EXISTS (
                   SELECT
                     FROM ledger.task_queue q
                     JOIN ledger.task t ON t.id = q.task_id
                    WHERE q.study_id = :study
                      AND t.kind <> 'judge')
            """;

    private static final String IN_QUEUE = "SELECT EXISTS (SELECT FROM ledger.task_queue WHERE study_id = :study)";

    private static final String FAILED = """
            SELECT EXISTS (SELECT FROM ledger.task WHERE study_id = :study AND outcome <> 'SUCCEEDED')
            """;

    private static final String RELEASE_JUDGES = """
            UPDATE ledger.task_queue
               SET state = 'READY', missing = 0, run_at = clock_timestamp(), ready_at = clock_timestamp()
             WHERE study_id = :study
               AND state = 'WAITING'
            """;

    private final Rows.Studies studies;
    private final Checkpoints checkpoints;
    private final EntityManager entities;
    private final Signals signals;
    private final DatabaseClock clock;

    Settlement(
            Rows.Studies studies,
            Checkpoints checkpoints,
            EntityManager entities,
            Signals signals,
            DatabaseClock clock) {
        this.studies = studies;
        this.checkpoints = checkpoints;
        this.entities = entities;
        this.signals = signals;
        this.clock = clock;
    }

    /** Ends every study that is at its end and does not say so, whatever the reason; none is expected. */
    @Transactional
    public void settleStranded() {
        for (Object study : entities.createNativeQuery(STRANDED, UUID.class).getResultList()) {
            settleIfDone((UUID) study);
        }
    }

    /**
     * Releases the judges of the study if everything else has ended, however it ended; ends the study if they have as well.
     * The study is held first: of two last tasks that finish at the same time the second sees the first.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void settleIfDone(UUID studyId) {
        StudyRow study = studies.getLocked(studyId);
        if (study.state().isTerminal() || is(GOES_ON, studyId)) {
            return;
        }
        int judges = entities.createNativeQuery(RELEASE_JUDGES)
                .setParameter("study", studyId)
                .executeUpdate();
        if (judges > 0) {
            signals.work();
        }
        if (judges > 0 || is(IN_QUEUE, studyId)) {
            return;
        }
        boolean failed = is(FAILED, studyId);
        StudyState end = failed ? StudyState.FAILED : StudyState.SUCCEEDED;
        study.settle(end, clock.now());
        if (study.keep().equals(Keep.LEAVES.label())) {
            listExpendable(studyId, null)
                    .forEach(sha256 -> checkpoints.drop(
                            sha256, () -> !listExpendable(studyId, sha256).isEmpty()));
        }
        LOG.infof("study %s: %s", studyId, end);
    }

    private boolean is(String question, UUID studyId) {
        return (Boolean) entities.createNativeQuery(question, Boolean.class)
                .setParameter("study", studyId)
                .getSingleResult();
    }

    /** @param only asks of this checkpoint alone */
    private List<String> listExpendable(UUID studyId, @Nullable String only) {
        List<?> found = entities.createNativeQuery(EXPENDABLE, String.class)
                .setParameter("study", studyId)
                .setParameter("sha256", only)
                .getResultList();
        return found.stream().map(String.class::cast).toList();
    }
}
