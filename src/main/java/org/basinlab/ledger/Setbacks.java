package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Attempts that end without a result: what is tried again, and what is given up since it would only come again. */
@ApplicationScoped
class Setbacks {

    private static final Logger LOG = Logger.getLogger(Setbacks.class);

    /** So often a task may fail, or take its worker down, within one generation. */
    static final int MOST = 3;

    /** A machine may have been slow once. */
    private static final int MOST_BY_TIME = 2;

    /** How a worker begins the reason where an attempt was over its time. */
    private static final String TIME_IS_UP = "TimeLimitException";

    private static final String END = """
            UPDATE ledger.attempt
               SET outcome = ?, message = ?, fault = ?, ended_at = clock_timestamp()
             WHERE token = ?
               AND (outcome IS NULL OR outcome = 'lost')
            """;

    private static final String END_FAULT = "UPDATE ledger.attempt SET fault = ? WHERE token = ?";

    private static final String AGAIN = """
            UPDATE ledger.task_queue
               SET state = 'READY',
                   token = NULL,
                   batch = NULL,
                   worker_id = NULL,
                   lease_until = NULL,
                   progress = NULL,
                   progress_at = NULL,
                   failures = failures + ?,
                   run_at = clock_timestamp() + make_interval(secs => ?),
                   ready_at = clock_timestamp() + make_interval(secs => ?)
             WHERE task_id = ?
            """;

    /** Of this generation, this time included: failures, workers on which it failed in these words, and failures by time. */
    private static final String FAILED = """
            SELECT count(*),
                   count(DISTINCT a.worker_id) FILTER (WHERE a.message = ? AND a.fault <> 'time'),
                   count(*) FILTER (WHERE a.fault = 'time')
              FROM ledger.attempt a
              JOIN ledger.task t ON t.id = a.task_id AND t.generation = a.generation
             WHERE a.task_id = ?
               AND a.outcome = 'failed'
            """;

    private final Fencing fencing;
    private final Endings endings;
    private final Audit audit;
    private final Signals signals;
    private final Statements statements;
    private final DatabaseClock clock;

    Setbacks(
            Fencing fencing,
            Endings endings,
            Audit audit,
            Signals signals,
            Statements statements,
            DatabaseClock clock) {
        this.fencing = fencing;
        this.endings = endings;
        this.audit = audit;
        this.signals = signals;
        this.statements = statements;
        this.clock = clock;
    }

    /** The attempt failed in a way that may not come again; returns whether the lease still counted. */
    @Transactional
    boolean retry(Lease lease, String reason, Duration delay) {
        if (!fencing.holdsLeased(lease)) {
            return false;
        }
        Tally parked = new Tally();
        fail(lease, reason, reason.startsWith(TIME_IS_UP) ? Fault.TIME : Fault.TRANSIENT, delay, parked);
        parked.say(LOG, Logger.Level.WARN);
        return true;
    }

    /** Part of the caller's transaction, which holds the task, and which says what was parked. */
    void fail(Lease lease, String said, Fault fault, Duration delay, Tally parked) {
        String reason = plain(said);
        statements.change(END, "failed", reason, fault.label(), lease.token());
        Failures failures = statements
                .find(FAILED, row -> new Failures(row.getInt(1), row.getInt(2), row.getInt(3)), reason, lease.taskId())
                .orElseThrow();
        if (failures.workers() >= 2) {
            statements.change(END_FAULT, Fault.DETERMINISTIC.label(), lease.token());
            giveUp(lease, "failed in the same way on %d workers: %s".formatted(failures.workers(), reason), parked);
        } else if (failures.byTime() >= MOST_BY_TIME) {
            giveUp(lease, "over its time once more: " + reason, parked);
        } else if (failures.all() >= MOST) {
            giveUp(lease, "parked after %d failures: %s".formatted(failures.all(), reason), parked);
        } else {
            again(lease, 1, delay);
        }
    }

    /** Nobody is charged; returns whether the lease still counted. */
    @Transactional
    boolean giveBack(Lease lease, @Nullable String reason, Duration delay) {
        if (!fencing.holdsLeased(lease)) {
            return false;
        }
        statements.change(END, "released", reason == null ? null : plain(reason), null, lease.token());
        again(lease, 0, delay);
        return true;
    }

    /** Part of the caller's transaction, which holds the task; it is ready once more. */
    void again(Lease lease, int failures, Duration delay) {
        double seconds = delay.toMillis() / 1000.0;
        statements.change(AGAIN, failures, seconds, seconds, lease.taskId());
        signals.work();
        signals.study(lease.studyId());
    }

    /**
     * What would only come again is final. Part of the caller's transaction, which holds the task, has ended its attempt, and says what
     * was parked: of one study there may be thousands at a time.
     */
    void giveUp(Lease lease, String reason, Tally parked) {
        Instant now = clock.now();
        endings.end(List.of(new Endings.Ending(lease, new TaskOutcome.Rejected(reason), null, reason)), now);
        audit.write(
                Audit.ENGINE,
                "task-parked",
                Optional.of(lease.studyId()),
                Optional.of(lease.taskId()),
                Optional.of(lease.token()).filter(token -> token > 0),
                Map.of("reason", reason));
        LOG.debugf("task %s: %s", lease.taskId(), reason);
        parked.add(lease.studyId(), lease.taskId(), reason);
    }

    /** As the store takes it: no text there holds a NUL, which messages of others may. */
    static String plain(String reason) {
        return reason.replace('\0', ' ');
    }

    private record Failures(int all, int workers, int byTime) {}

    /** Of what kind a failure is. */
    enum Fault {
        TRANSIENT,
        DETERMINISTIC,
        TIME;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
