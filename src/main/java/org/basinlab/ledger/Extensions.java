package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.study.SeedRange;
import org.basinlab.study.Study;
import org.basinlab.workflow.Extension;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskNeeds;

/** The way of further seeds into a study of the store: a new version of its plan, of which only what is new is written. */
@ApplicationScoped
public class Extensions {

    /** What is there keeps its number. */
    private static final int NOT_WRITTEN = -1;

    /**
     * Whoever finishes one of these holds its row first and looks for dependants afterwards: either it was committed before, and
     * its outcome is read, or it waits here and finds the new tasks.
     */
    private static final String HOLD_TAKEN = """
            SELECT q.task_id
              FROM ledger.task_queue q
             WHERE q.task_id = ANY (?)
             ORDER BY q.task_id
               FOR UPDATE
            """;

    private static final String HOLD_STUDY = """
            SELECT s.state, (SELECT max(v.version) FROM ledger.study_version v WHERE v.study_id = s.id) AS version
              FROM ledger.study s
             WHERE s.id = ?
               FOR UPDATE OF s
            """;

    /** Judges that have not said what they were to say: with more networks there, they would say it of more. */
    private static final String UNDECIDED = """
            SELECT string_agg(c.claim, ', ') AS claims
              FROM ledger.task t
             CROSS JOIN LATERAL jsonb_array_elements_text(t.parameters #> '{judge,claims}') AS c (claim)
             WHERE t.study_id = ?
               AND t.kind = 'judge'
               AND t.version = ?
               AND t.outcome IS DISTINCT FROM 'SUCCEEDED'
            HAVING count(*) > 0
            """;

    /** Held against being given up until the end of the transaction, in which the study goes on. */
    private static final String STORED = """
            SELECT t.id
              FROM ledger.task t
              JOIN ledger.network n ON n.id = t.network_id
              JOIN ledger.checkpoint c ON c.sha256 = n.sha256
             WHERE t.id = ANY (?)
               AND t.outcome = 'SUCCEEDED'
               AND c.dropped_at IS NULL
             ORDER BY c.sha256
               FOR SHARE OF c
            """;

    private static final String OUTCOMES = """
            SELECT t.id, t.outcome, t.reason
              FROM ledger.task t
             WHERE t.id = ANY (?)
               AND t.outcome IS NOT NULL
             ORDER BY t.id
            """;

    private static final String VERSION = """
            INSERT INTO ledger.study_version (study_id, version, canonical, tasks)
            VALUES (?, ?, CAST(? AS jsonb), (SELECT count(*) FROM ledger.task t WHERE t.study_id = ?) + ?)
            """;

    /** Inputs that are there already are waited for by nobody. */
    private static final String ARRIVED = """
            WITH there AS (
                SELECT i.task_id, count(DISTINCT i.input_task_id) AS inputs
                  FROM ledger.task_input i
                  JOIN ledger.task n ON n.id = i.task_id
                  JOIN ledger.task e ON e.id = i.input_task_id
                 WHERE n.study_id = ?
                   AND n.version = ?
                   AND e.version < n.version
                   AND e.outcome = 'SUCCEEDED'
                 GROUP BY i.task_id)
            UPDATE ledger.task_queue q
               SET missing = q.missing - t.inputs,
                   state = CASE WHEN q.missing = t.inputs THEN 'READY' ELSE q.state END,
                   ready_at = CASE WHEN q.missing = t.inputs THEN clock_timestamp() END
              FROM there t
             WHERE q.task_id = t.task_id
            RETURNING q.task_id, q.state
            """;

    private static final String GO_ON = """
            UPDATE ledger.study
               SET state = CASE WHEN state IN ('SUCCEEDED', 'FAILED') THEN 'RUNNING' ELSE state END,
                   finished_at = NULL
             WHERE id = ?
            """;

    private final Query query;
    private final Statements statements;
    private final Audit audit;
    private final PlanWriter writer;
    private final StudyClaimWriter claims;
    private final Submissions submissions;
    private final Readiness readiness;
    private final Settlement settlement;

    Extensions(
            DataSource database,
            Statements statements,
            Audit audit,
            PlanWriter writer,
            StudyClaimWriter claims,
            Submissions submissions,
            Readiness readiness,
            Settlement settlement) {
        this.query = new Query(database);
        this.statements = statements;
        this.audit = audit;
        this.writer = writer;
        this.claims = claims;
        this.submissions = submissions;
        this.readiness = readiness;
        this.settlement = settlement;
    }

    /**
     * The study as it was planned so far.
     *
     * @throws ControlRefusedException if there is no such study, or it came in a bundle or was cancelled
     */
    @Transactional
    public PlannedBefore planned(UUID study) {
        return PlannedBefore.read(query, study);
    }

    /**
     * What an extension did.
     *
     * @param version of the plan that it made
     * @param added how many tasks are new, judges included
     * @param kept how many are those of earlier versions
     */
    public record Extended(UUID study, int version, int added, int kept) {}

    /**
     * Adds the tasks that are new, their claims exploratory; a study that had ended runs again, one that pauses goes on pausing.
     *
     * @param before as it was read
     * @param study the larger one
     * @throws ControlRefusedException if the study changed meanwhile, has yet to decide claims, or gave up bytes that are needed
     */
    @Transactional
    public Extended extend(PlannedBefore before, Study study, Extension extension, SeedRange seeds, String actor) {
        UUID id = before.id();
        List<UUID> taken = extension.taken().stream().map(before.ids()::get).toList();
        statements.list(HOLD_TAKEN, row -> true, Statements.uuids(taken));
        requireSame(before);
        requireDecided(before);
        requireStored(id, taken);
        int version = before.version() + 1;
        List<PlannedTask> added = extension.added();
        statements.change(VERSION, id, version, study.canonical(), id, added.size());
        claims.write(id, version, study, extension.plan());
        writer.write(id, version, places(before, extension, added), before.data());
        SortedSet<UUID> touched = follow(id, version, taken);
        statements.change(GO_ON, id);
        touched.forEach(settlement::settleIfDone);
        Extended extended =
                new Extended(id, version, added.size(), before.tasks().size());
        audit.write(
                actor,
                "study-extended",
                Optional.of(id),
                Optional.empty(),
                Optional.empty(),
                Map.of("seeds", seeds.label(), "version", version, "added", added.size(), "kept", extended.kept()));
        return extended;
    }

    private void requireSame(PlannedBefore before) {
        statements.find(
                HOLD_STUDY,
                row -> {
                    PlannedBefore.requireExtendable(before.id(), StudyState.valueOf(row.getString("state")));
                    if (row.getInt("version") != before.version()) {
                        throw refused(
                                "study %s was extended by somebody else at the same time, to version %d; look at it first"
                                        .formatted(before.id(), row.getInt("version")));
                    }
                    return true;
                },
                before.id());
    }

    private void requireDecided(PlannedBefore before) {
        statements
                .find(UNDECIDED, row -> row.getString("claims"), before.id(), before.version())
                .ifPresent(claims -> {
                    throw refused(
                            ("a study must have decided its claims before it is extended, %s has yet to decide %s: an"
                                            + " extension is another look")
                                    .formatted(before.id(), claims));
                });
    }

    private void requireStored(UUID study, List<UUID> taken) {
        List<UUID> stored = statements.list(STORED, row -> Query.uuid(row, "id"), Statements.uuids(taken));
        List<UUID> done = statements.list(OUTCOMES, Outcome::of, Statements.uuids(taken)).stream()
                .filter(Outcome::isSuccess)
                .map(Outcome::task)
                .filter(task -> !stored.contains(task))
                .toList();
        if (!done.isEmpty()) {
            throw refused(
                    ("an extension must find the networks that it goes on from, study %s gave up %d of them when it ended"
                                    + " (keep: leaves): submit the larger study")
                            .formatted(study, done.size()));
        }
    }

    private static ControlRefusedException refused(String message) {
        return new ControlRefusedException(ControlRefusedException.Why.STATE, message);
    }

    /** New tasks are numbered on behind all that are there, so that a number is one task's whatever the version. */
    private static PlanWriter.Places places(PlannedBefore before, Extension extension, List<PlannedTask> added) {
        List<UUID> ids = new ArrayList<>();
        List<Integer> ordinals = new ArrayList<>();
        int next = before.nextOrdinal();
        for (PlannedTask task : extension.plan().tasks()) {
            OptionalInt kept = extension.kept(task.ordinal());
            ids.add(kept.isPresent() ? before.ids().get(kept.getAsInt()) : UUID.randomUUID());
            ordinals.add(kept.isPresent() ? NOT_WRITTEN : next++);
        }
        return new PlanWriter.Places(
                added, ids, ordinals, TaskNeeds.of(extension.plan().tasks()));
    }

    /** What new tasks need and is there, has failed, or was done before; returns the studies in which something ended by that. */
    private SortedSet<UUID> follow(UUID study, int version, List<UUID> taken) {
        List<UUID> ready = statements
                .list(
                        ARRIVED,
                        row -> row.getString("state").equals("READY")
                                ? List.of(Query.uuid(row, "task_id"))
                                : List.<UUID>of(),
                        study,
                        version)
                .stream()
                .flatMap(List::stream)
                .sorted()
                .toList();
        if (!ready.isEmpty()) {
            readiness.name(ready);
        }
        statements.list(OUTCOMES, Outcome::of, Statements.uuids(taken)).stream()
                .filter(outcome -> !outcome.isSuccess())
                .forEach(outcome -> readiness.block(outcome.task(), outcome.why()));
        return submissions.reuse(study);
    }

    /** The end of a task that new ones take something from. */
    private record Outcome(UUID task, String outcome, String reason) {

        private static Outcome of(ResultSet row) throws SQLException {
            return new Outcome(
                    Query.uuid(row, "id"),
                    row.getString("outcome"),
                    Query.optionalText(row, "reason").orElse("nobody says why"));
        }

        private boolean isSuccess() {
            return outcome.equals("SUCCEEDED");
        }

        private String why() {
            return "needs task %s, which did not succeed: %s".formatted(task, reason);
        }
    }
}
