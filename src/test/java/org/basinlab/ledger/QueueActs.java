package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.basinlab.study.RunSettings;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskOutcome;

/** Acts upon a study in the store, each told to its model as well. */
@ApplicationScoped
public class QueueActs {

    private static final List<String> SHAPES = List.of("tree", "chain", "fan-in", "wide");

    /** No other test's studies have this name: what is left of them is none of these sequences'. */
    static final String STUDY = "random-sequence";

    private static final String LEASES =
            "SELECT count(*) FROM ledger.task_queue WHERE study_id = ?1 AND state = 'LEASED'";

    private static final String EXTEND = """
            WITH version AS (
                INSERT INTO ledger.study_version (study_id, version, canonical, tasks)
                SELECT study_id, max(version) + 1, '{}', 1 FROM ledger.study_version WHERE study_id = ? GROUP BY study_id
                RETURNING study_id, version),
            task AS (
                INSERT INTO ledger.task (id, study_id, version, ordinal, kind, parameters, arm, scheme, group_size, group_id,
                                         matching, variant, flops, shape)
                SELECT CAST(? AS uuid), v.study_id, v.version, 0, t.kind,
                       jsonb_set(t.parameters, '{probe,label}', to_jsonb(CAST(? AS text))), t.arm, t.scheme, 1, 0, 'none', '', 1, t.shape
                  FROM version v
                  JOIN ledger.task t ON t.id = ?
                RETURNING id, study_id, ordinal, shape),
            input AS (
                INSERT INTO ledger.task_input (task_id, position, input_task_id)
                SELECT id, 0, CAST(? AS uuid) FROM task)
            INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at, ready_at, shape)
            SELECT t.id, t.study_id, CASE WHEN i.outcome = 'SUCCEEDED' THEN 'READY' ELSE 'WAITING' END,
                   CASE WHEN i.outcome = 'SUCCEEDED' THEN 0 ELSE 1 END, now(), t.ordinal, now(), now(), t.shape
              FROM task t
              JOIN ledger.task i ON i.id = ?
            """;

    private final LedgerFixture ledger;
    private final Completions completions;
    private final StudyControl control;
    private final Workers workers;
    private final Expiry expiry;
    private final StudyHold hold;
    private final Statements statements;

    QueueActs(
            LedgerFixture ledger,
            Completions completions,
            StudyControl control,
            Workers workers,
            Expiry expiry,
            StudyHold hold,
            Statements statements) {
        this.ledger = ledger;
        this.completions = completions;
        this.control = control;
        this.workers = workers;
        this.expiry = expiry;
        this.hold = hold;
        this.statements = statements;
    }

    QueueModel begin(long seed) {
        UUID study = ledger.submitProbe(
                STUDY, seed, "{ shape: %s, tasks: %d }".formatted(SHAPES.get((int) (seed % 4)), 2 + seed % 4));
        ledger.change(
                "UPDATE ledger.study SET settings = CAST(?1 AS jsonb) WHERE id = ?2",
                "{\"limits\": {\"probe\": {\"queue\": 3600}}}",
                study);
        QueueModel model = new QueueModel(study);
        Map<UUID, Set<UUID>> inputs = new HashMap<>();
        QuarkusTransaction.requiringNew()
                .run(() -> statements.list(
                        """
                SELECT t.id, i.input_task_id FROM ledger.task t LEFT JOIN ledger.task_input i ON i.task_id = t.id
                 WHERE t.study_id = ?
                """,
                        row -> {
                            Set<UUID> of = inputs.computeIfAbsent(row.getObject(1, UUID.class), id -> new HashSet<>());
                            UUID input = row.getObject(2, UUID.class);
                            return input != null && of.add(input);
                        },
                        study));
        // Inputs first.
        while (model.tasks().size() < inputs.size()) {
            inputs.forEach((id, of) -> {
                if (!model.tasks().contains(id) && model.tasks().containsAll(of)) {
                    model.add(id, of);
                }
            });
        }
        return model;
    }

    Map<UUID, String> states(UUID study) {
        Map<UUID, String> states = new HashMap<>();
        QuarkusTransaction.requiringNew()
                .run(() -> statements.list(
                        """
                SELECT t.id, coalesce(t.outcome, q.state)
                  FROM ledger.task t LEFT JOIN ledger.task_queue q ON q.task_id = t.id
                 WHERE t.study_id = ?
                 UNION ALL
                SELECT id, state FROM ledger.study WHERE id = ?
                """, row -> states.put(row.getObject(1, UUID.class), row.getString(2)), study, study));
        return states;
    }

    void act(QueueModel model, RandomGenerator random) {
        int dice = random.nextInt(100);
        if (dice < 30 || (model.leases().isEmpty() && dice < 70)) {
            claim(model, 1 + random.nextInt(3));
        } else if (dice < 70) {
            ofALease(model, model.leases().get(random.nextInt(model.leases().size())), dice, random.nextBoolean());
        } else if (dice < 78) {
            lose(model, random.nextBoolean());
        } else if (dice < 80) {
            waitTooLong(model);
        } else if (dice < 85) {
            steer(model, "pause", () -> control.pause(model.study(), "test"), model::paused);
        } else if (dice < 91) {
            steer(model, "resume", () -> control.resume(model.study(), "test"), model::resumed);
        } else if (dice < 93) {
            cancel(model);
        } else if (dice < 97) {
            retryStudy(model);
        } else {
            extend(model, random);
        }
    }

    private void claim(QueueModel model, int most) {
        UUID worker = ledger.worker(
                "machine-of-" + model.study() + "-" + model.leases().size(), most);
        List<Lease> taken = ledger.claim(worker, model.study(), most);
        model.tell("claim " + most + " gave " + taken.size());
        model.gives().ifPresent(gives -> assertThat(!taken.isEmpty()).isEqualTo(gives));
        model.claimed(taken, worker);
    }

    private void ofALease(QueueModel model, Lease lease, int dice, boolean together) {
        if (dice < 52) {
            model.tell("finish " + lease.token());
            boolean counted = together
                    ? completions
                            .finishAll(List.of(new Completions.Finished(lease, LedgerFixture.success(lease))))
                            .get(0)
                    : ledger.finish(lease);
            assertThat(counted).isEqualTo(model.finished(lease, true));
        } else if (dice < 57) {
            model.tell("reject " + lease.token());
            assertThat(completions.finish(lease, new TaskOutcome.Rejected("it must not be")))
                    .isEqualTo(model.finished(lease, false));
        } else if (dice < 64) {
            model.tell("fail " + lease.token());
            assertThat(completions.retry(lease, "failure " + lease.token(), Duration.ZERO))
                    .isEqualTo(model.failed(lease));
        } else {
            model.tell("release " + lease.token());
            assertThat(completions.release(lease)).isEqualTo(model.released(lease));
        }
    }

    /** All of its workers fall silent, or their processes are found dead. */
    private void lose(QueueModel model, boolean crash) {
        model.tell(crash ? "crash" : "lose");
        if (crash) {
            ledger.change("""
                    UPDATE ledger.worker SET machine = ?1
                     WHERE id IN (SELECT worker_id FROM ledger.task_queue WHERE study_id = ?2)
                    """, "dead-" + model.study(), model.study());
            workers.takeBackFromDead("dead-" + model.study(), process -> false);
        } else {
            ledger.change("""
                    UPDATE ledger.task_queue SET lease_until = clock_timestamp() - interval '1 second'
                     WHERE study_id = ?1 AND state = 'LEASED'
                    """, model.study());
            // The sweep of this process may be at it already, and what it has locked is passed over.
            do {
                workers.takeBackExpired(Duration.ZERO);
            } while (ledger.ask(LEASES, Long.class, model.study()) > 0);
        }
        model.lost(model.workers());
    }

    private void waitTooLong(QueueModel model) {
        model.tell("wait too long");
        ledger.change("""
                UPDATE ledger.task_queue SET ready_at = clock_timestamp() - interval '2 hours'
                 WHERE study_id = ?1 AND state = 'READY'
                """, model.study());
        expiry.enforce(new RunSettings.TimeLimits(Optional.empty(), Optional.empty(), Optional.empty()));
        model.waitedTooLong();
        ledger.change(
                "UPDATE ledger.task_queue SET ready_at = clock_timestamp() WHERE study_id = ?1 AND state = 'READY'",
                model.study());
    }

    private static void steer(QueueModel model, String what, Runnable act, Runnable told) {
        model.tell(what);
        if (model.state().isTerminal()) {
            assertThatThrownBy(act::run).isInstanceOf(ControlRefusedException.class);
        } else {
            act.run();
            told.run();
        }
    }

    private void cancel(QueueModel model) {
        if (model.state() == StudyState.CANCELLED) {
            model.tell("cancel twice");
            assertThat(control.cancel(model.study(), "test").tasks()).isZero();
        } else {
            steer(model, "cancel", () -> control.cancel(model.study(), "test"), model::cancelled);
        }
    }

    private void retryStudy(QueueModel model) {
        model.tell("retry");
        if (model.canRetry()) {
            control.retry(model.study(), "test");
            model.retried();
        } else {
            assertThatThrownBy(() -> control.retry(model.study(), "test")).isInstanceOf(ControlRefusedException.class);
        }
    }

    private void extend(QueueModel model, RandomGenerator random) {
        List<UUID> tasks = model.tasks().stream().sorted().toList();
        UUID input = tasks.get(random.nextInt(tasks.size()));
        if (model.canExtend(input)) {
            model.tell("extend");
            UUID id = UUID.randomUUID();
            QuarkusTransaction.requiringNew().run(() -> {
                hold.holdWithTasks(model.study());
                statements.change(EXTEND, model.study(), id, id.toString(), input, input, input);
            });
            model.add(id, Set.of(input));
        }
    }

    void bringToEnd(QueueModel model) {
        steerOn(model);
        for (int rounds = 0; !model.state().isTerminal(); rounds++) {
            assertThat(rounds).isLessThan(100);
            claim(model, 3);
            for (Lease lease : List.copyOf(model.leases())) {
                assertThat(ledger.finish(lease)).isEqualTo(model.finished(lease, true));
            }
            model.requireEqual(states(model.study()));
        }
        model.requireEqual(states(model.study()));
    }

    private void steerOn(QueueModel model) {
        if (model.state() == StudyState.PAUSED) {
            control.resume(model.study(), "test");
            model.resumed();
        }
    }
}
