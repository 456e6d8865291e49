package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
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
             WHERE t.study_id = ?
               AND n.origin <> 'trained'
               AND n.sha256 = coalesce(CAST(? AS text), n.sha256)
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
                           OR s.id <> ? AND s.state IN ('QUEUED', 'RUNNING', 'PAUSED')))
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
                    WHERE q.study_id = ?
                      AND t.kind <> 'judge')
            """;

    private static final String IN_QUEUE = "SELECT EXISTS (SELECT FROM ledger.task_queue WHERE study_id = ?)";

    private static final String FAILED = """
            SELECT EXISTS (SELECT FROM ledger.task WHERE study_id = ? AND outcome <> 'SUCCEEDED')
            """;

    private static final String END = """
            UPDATE ledger.study
               SET state = ?, started_at = coalesce(started_at, clock_timestamp()), finished_at = clock_timestamp()
             WHERE id = ?
            """;

    private static final String RELEASE_JUDGES = """
            UPDATE ledger.task_queue
               SET state = 'READY', missing = 0, run_at = clock_timestamp(), ready_at = clock_timestamp()
             WHERE study_id = ?
               AND state = 'WAITING'
            """;

    private final StudyHold hold;
    private final Checkpoints checkpoints;
    private final Signals signals;
    private final Statements statements;

    Settlement(StudyHold hold, Checkpoints checkpoints, Signals signals, Statements statements) {
        this.hold = hold;
        this.checkpoints = checkpoints;
        this.signals = signals;
        this.statements = statements;
    }

    /** Ends every study that is at its end and does not say so, whatever the reason; none is expected. */
    @Transactional
    public void settleStranded() {
        statements.list(STRANDED, row -> row.getObject(1, UUID.class)).forEach(this::settleIfDone);
    }

    /**
     * Releases the judges of the study if everything else has ended, however it ended; ends the study if they have as well.
     * The study is held first: of two last tasks that finish at the same time the second sees the first.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    void settleIfDone(UUID studyId) {
        StudyHold.Held study =
                hold.hold(studyId).orElseThrow(() -> new IllegalStateException("study %s is gone".formatted(studyId)));
        if (study.state().isTerminal() || is(GOES_ON, studyId)) {
            return;
        }
        if (statements.change(RELEASE_JUDGES, studyId) > 0) {
            signals.work();
            return;
        }
        if (is(IN_QUEUE, studyId)) {
            return;
        }
        StudyState end = is(FAILED, studyId) ? StudyState.FAILED : StudyState.SUCCEEDED;
        statements.change(END, end.name(), studyId);
        giveUpBytes(studyId, study.keep());
        LOG.infof("study %s: %s", studyId, end);
    }

    /** Gives up the checkpoints that a study which is at its end does not keep, and nobody else does. */
    @Transactional(Transactional.TxType.MANDATORY)
    void giveUpBytes(UUID studyId, String keep) {
        if (keep.equals(Keep.LEAVES.label())) {
            listExpendable(studyId, null)
                    .forEach(sha256 -> checkpoints.drop(
                            sha256, () -> !listExpendable(studyId, sha256).isEmpty()));
        }
    }

    private boolean is(String question, UUID studyId) {
        return statements.find(question, row -> row.getBoolean(1), studyId).orElse(false);
    }

    /** @param only asks of this checkpoint alone */
    private List<String> listExpendable(UUID studyId, @Nullable String only) {
        return statements.list(EXPENDABLE, row -> row.getString(1), studyId, only, studyId);
    }
}
