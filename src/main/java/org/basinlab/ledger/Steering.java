package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.ledger.ControlRefusedException.Why;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskState;
import org.jspecify.annotations.Nullable;

/** The transactions behind {@link StudyControl}: each whole or not at all, with its row of the audit. */
@ApplicationScoped
class Steering {

    private static final String TURN = """
            UPDATE ledger.study
               SET state = ?
             WHERE id = ?
            """;

    private static final String END = """
            UPDATE ledger.study
               SET state = 'CANCELLED', started_at = coalesce(started_at, clock_timestamp()), finished_at = clock_timestamp()
             WHERE id = ?
            """;

    private static final String WAITING = """
            SELECT count(*)
              FROM ledger.task_queue
             WHERE study_id = ?
               AND state <> 'LEASED'
            """;

    /** Waiting for somebody who said to wait does not count. What a finishing worker holds keeps its time. */
    private static final String AFRESH = """
            UPDATE ledger.task_queue q
               SET ready_at = clock_timestamp()
              FROM (SELECT r.task_id
                      FROM ledger.task_queue r
                     WHERE r.study_id = ?
                       AND r.state = 'READY'
                       FOR UPDATE SKIP LOCKED) held
             WHERE q.task_id = held.task_id
            """;

    private static final String CANCEL = """
            WITH gone AS (
                DELETE FROM ledger.task_queue
                 WHERE study_id = ?
                RETURNING task_id, token),
            stopped AS (
                UPDATE ledger.attempt a
                   SET outcome = 'cancelled', message = 'the study was cancelled', ended_at = clock_timestamp()
                  FROM gone g
                 WHERE a.token = g.token
                   AND a.outcome IS NULL)
            UPDATE ledger.task t
               SET outcome = 'CANCELLED', reason = 'the study was cancelled', finished_at = clock_timestamp()
              FROM gone g
             WHERE t.id = g.task_id
               AND t.outcome IS NULL
            """;

    private static final String TASK = """
            SELECT t.study_id, t.kind, coalesce(t.outcome, q.state), t.reason
              FROM ledger.task t
              LEFT JOIN ledger.task_queue q ON q.task_id = t.id
             WHERE t.id = ?
            """;

    private static final String PRIORITY = """
            UPDATE ledger.study
               SET priority = ?, aged = 0
             WHERE id = ?
            """;

    private static final String LIMIT = """
            UPDATE ledger.study
               SET max_running = CAST(? AS integer)
             WHERE id = ?
            """;

    private final StudyHold hold;
    private final Revival revival;
    private final Settlement settlement;
    private final Audit audit;
    private final Signals signals;
    private final Statements statements;

    Steering(
            StudyHold hold,
            Revival revival,
            Settlement settlement,
            Audit audit,
            Signals signals,
            Statements statements) {
        this.hold = hold;
        this.revival = revival;
        this.settlement = settlement;
        this.audit = audit;
        this.signals = signals;
        this.statements = statements;
    }

    @Transactional
    Controlled pause(UUID id, String actor) {
        StudyHold.Held study = requireOpen(hold.hold(id), id, "paused");
        if (study.state() == StudyState.PAUSED) {
            return new Controlled(id, StudyState.PAUSED, StudyState.PAUSED, 0);
        }
        statements.change(TURN, StudyState.PAUSED.name(), id);
        int tasks = statements.find(WAITING, row -> row.getInt(1), id).orElse(0);
        return done(actor, "study-paused", study, StudyState.PAUSED, tasks, Map.of());
    }

    @Transactional
    Controlled resume(UUID id, String actor) {
        StudyHold.Held study = requireOpen(hold.hold(id), id, "resumed");
        if (study.state() != StudyState.PAUSED) {
            return new Controlled(id, study.state(), study.state(), 0);
        }
        StudyState after = study.started() ? StudyState.RUNNING : StudyState.QUEUED;
        statements.change(TURN, after.name(), id);
        statements.change(AFRESH, id);
        int tasks = statements.find(WAITING, row -> row.getInt(1), id).orElse(0);
        signals.work();
        return done(actor, "study-resumed", study, after, tasks, Map.of());
    }

    @Transactional
    Controlled cancel(UUID id, String actor) {
        Optional<StudyHold.Held> found = hold.holdWithTasks(id);
        if (found.filter(study -> study.state() == StudyState.CANCELLED).isPresent()) {
            return new Controlled(id, StudyState.CANCELLED, StudyState.CANCELLED, 0);
        }
        StudyHold.Held study = requireOpen(found, id, "cancelled");
        int tasks = statements.change(CANCEL, id);
        statements.change(END, id);
        settlement.giveUpBytes(id, study.keep());
        return done(actor, "study-cancelled", study, StudyState.CANCELLED, tasks, Map.of());
    }

    @Transactional
    Controlled retry(UUID studyOrTask, String actor) {
        Optional<Task> task = statements.find(
                TASK,
                row -> new Task(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        TaskState.valueOf(row.getString(3)),
                        row.getString(4)),
                studyOrTask);
        UUID id = task.map(Task::study).orElse(studyOrTask);
        StudyHold.Held study = hold.holdWithTasks(id)
                .orElseThrow(() ->
                        new ControlRefusedException(Why.UNKNOWN, "no study and no task has the id " + studyOrTask));
        if (study.imported()) {
            throw refused("a study that came with a bundle is only read: nothing of %s can be retried", id);
        }
        if (study.state() == StudyState.CANCELLED) {
            throw refused("a cancelled study cannot be retried: run %s anew, finished work is used", id);
        }
        task.ifPresent(one -> requireFailed(studyOrTask, one));
        List<UUID> failed = revival.failed(id).stream()
                .map(Revival.Failed::task)
                .filter(one -> task.isEmpty() || one.equals(studyOrTask))
                .toList();
        if (failed.isEmpty()) {
            throw refused(
                    task.isEmpty()
                            ? "a study can be retried when something in it failed, in %s nothing did"
                            : "a judge that issued its verdicts cannot be retried, task %s did",
                    studyOrTask);
        }
        int tasks = revival.revive(id, failed);
        StudyState after = hold.hold(id).orElseThrow().state();
        return done(actor, "study-retried", study, after, tasks, Map.of("failed", failed));
    }

    @Transactional
    Controlled change(UUID id, Optional<Integer> priority, Optional<StudyControl.Limit> limit, String actor) {
        StudyHold.Held study = requireOpen(hold.hold(id), id, "changed");
        priority.ifPresent(wanted -> {
            statements.change(PRIORITY, wanted, id);
            done(actor, "study-prioritised", study, study.state(), 0, Map.of("priority", wanted));
        });
        limit.map(StudyControl.Limit::maxRunning).ifPresent(most -> {
            statements.change(LIMIT, most.orElse(null), id);
            done(actor, "study-limited", study, study.state(), 0, Map.of("maxRunning", most));
        });
        signals.work();
        return new Controlled(id, study.state(), study.state(), 0);
    }

    private static StudyHold.Held requireOpen(Optional<StudyHold.Held> found, UUID id, String what) {
        StudyHold.Held study =
                found.orElseThrow(() -> new ControlRefusedException(Why.UNKNOWN, "no study has the id " + id));
        if (study.state().isTerminal()) {
            throw new ControlRefusedException(
                    Why.STATE,
                    "a study that has ended cannot be %s, study %s is %s".formatted(what, id, study.state()));
        }
        return study;
    }

    private static void requireFailed(UUID id, Task task) {
        if (task.state() == TaskState.FAILED) {
            return;
        }
        String why = task.state() == TaskState.BLOCKED ? ": it " + task.reason() : "";
        throw new ControlRefusedException(
                Why.STATE, "only a task that failed can be retried, task %s is %s%s".formatted(id, task.state(), why));
    }

    private static ControlRefusedException refused(String message, UUID id) {
        return new ControlRefusedException(Why.STATE, message.formatted(id));
    }

    private Controlled done(
            String actor, String action, StudyHold.Held study, StudyState after, int tasks, Map<String, ?> more) {
        Map<String, Object> detail = new TreeMap<>(more);
        detail.put("before", study.state().name());
        detail.put("after", after.name());
        detail.put("tasks", tasks);
        audit.write(actor, action, Optional.of(study.id()), Optional.empty(), Optional.empty(), detail);
        signals.study(study.id());
        return new Controlled(study.id(), study.state(), after, tasks);
    }

    private record Task(
            UUID study,
            String kind,
            TaskState state,
            @Nullable String reason) {}
}
