package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Tasks that succeeded, for who runs them again: what they were given, and what came out. */
@ApplicationScoped
public class Replays {

    /** Larger tokens are real ones: nothing that runs under this one is ever taken for a result. */
    private static final long NO_TOKEN = 0;

    /** In the place of a digest. */
    private static final String FAILED = "failed";

    /** What people know a task {@code t} by. */
    static final String NAME = """
            t.kind || ' ' || t.arm || '/' || t.scheme || '/' || t.group_size || '/' || t.group_id ||
                       coalesce(' seed ' || t.seed, '') ||
                       coalesce(' ' || (SELECT k FROM jsonb_object_keys(t.parameters #> '{evaluate,metric}') k LIMIT 1), '')""";

    private static final String TASKS = """
            SELECT t.id,
                   %s AS name,
                   NOT EXISTS (
                       SELECT
                         FROM ledger.task_input i
                         JOIN ledger.task o ON o.id = i.input_task_id
                         LEFT JOIN ledger.network n ON n.id = o.network_id
                         LEFT JOIN ledger.checkpoint c ON c.sha256 = n.sha256
                        WHERE i.task_id = t.id AND (c.sha256 IS NULL OR c.dropped_at IS NOT NULL)) AS has_inputs
              FROM ledger.task t
             WHERE t.study_id = ?
               AND t.outcome = 'SUCCEEDED'
               AND t.reused_from IS NULL
               AND t.kind IN ('train', 'merge', 'control', 'evaluate')
             ORDER BY t.version, t.ordinal
            """.formatted(NAME);

    private static final String TASK = """
            SELECT t.study_id, s.name, CAST(t.parameters AS text) AS parameters, t.flops, t.data_digest
              FROM ledger.task t
              JOIN ledger.study s ON s.id = t.study_id
             WHERE t.id = ?
            """;

    private static final String MADE = """
            SELECT n.sha256
              FROM ledger.network n
             WHERE n.task_id = ?
            """;

    private static final String ENVIRONMENT = """
            SELECT CAST(a.environment AS text)
              FROM ledger.attempt a
             WHERE a.task_id = ? AND a.outcome = 'succeeded' AND a.environment IS NOT NULL
             ORDER BY a.number DESC
             LIMIT 1
            """;

    private static final String METRICS = """
            SELECT metric, variant, space, at, split, coalesce(images, 0) AS images, value, status
              FROM ledger.metric
             WHERE task_id = ?
            """;

    private static final String OUTCOMES = """
            SELECT metric, variant, space, at, split, images, CAST(correct AS text) AS correct, distances
              FROM ledger.outcome
             WHERE task_id = ?
            """;

    private static final String IMPORTED = """
            SELECT s.bundle IS NOT NULL AS imported
              FROM ledger.task t
              JOIN ledger.study s ON s.id = t.study_id
             WHERE t.id = ?
            """;

    private static final String CHECKS = """
            SELECT metric, space, check_name, measured, bound, passed
              FROM ledger.sanity_check
             WHERE task_id = ?
            """;

    private static final String RECORD = """
            INSERT INTO ledger.replay (id, task_id, recorded, found, environment)
            VALUES (?, ?, ?, ?, CAST(? AS jsonb))
            RETURNING id
            """;

    private final Query query;
    private final Claims claims;

    Replays(DataSource database, Claims claims) {
        this.query = new Query(database);
        this.claims = claims;
    }

    /**
     * A task that could be run again.
     *
     * @param name what people know it by: kind, arm, scheme, group
     * @param hasInputs whether all networks that it takes are in the store
     */
    public record Task(UUID id, String name, boolean hasInputs) {}

    /**
     * What came out of a task.
     *
     * @param network SHA-256 of the network that it made
     * @param numbers SHA-256 over everything that it measured
     */
    public record Result(Optional<String> network, String numbers) {

        private static Result of(TaskOutcome.Succeeded outcome, Predicate<String> withImages) {
            return new Result(
                    outcome.network().map(made -> Digests.of(made.checkpoint())), ResultDigest.of(outcome, withImages));
        }

        /** One digest for both. */
        public String digest() {
            return CanonicalJson.digest(this);
        }
    }

    /** Those of a study that succeeded and were really run, in the order of its plan; judges are none of them. */
    public List<Task> list(UUID study) {
        return query.list(
                TASKS,
                row -> new Task(Query.uuid(row, "id"), row.getString("name"), row.getBoolean("has_inputs")),
                study);
    }

    /** What a worker would be given to run this task; nothing can be handed in under it. */
    @Transactional
    public Lease lease(UUID task) {
        List<Lease.Input> inputs = claims.inputs(task);
        return query.find(
                        TASK,
                        row -> new Lease(
                                task,
                                NO_TOKEN,
                                1,
                                0,
                                Query.uuid(row, "study_id"),
                                row.getString("name"),
                                CanonicalJson.read(row.getString("parameters"), TaskSpec.class),
                                row.getDouble("flops"),
                                Query.optionalText(row, "data_digest"),
                                inputs),
                        task)
                .orElseThrow(() -> new IllegalStateException("task %s is gone".formatted(task)));
    }

    /** What a second run of a task gave. Outcomes of images that a bundle left out are left out here too. */
    public Result found(UUID task, TaskOutcome.Succeeded outcome) {
        boolean imported =
                query.find(IMPORTED, row -> row.getBoolean("imported"), task).orElse(false);
        if (!imported) {
            return Result.of(outcome, place -> true);
        }
        return Result.of(outcome, Set.copyOf(query.list(OUTCOMES, Replays::place, task))::contains);
    }

    public Result recorded(UUID task) {
        ResultDigest digest = new ResultDigest();
        query.list(
                METRICS,
                row -> {
                    digest.metric(place(row), row.getInt("images"), row.getDouble("value"), row.getString("status"));
                    return true;
                },
                task);
        query.list(
                OUTCOMES,
                row -> {
                    Query.optionalText(row, "correct").ifPresent(bits -> digest.bits(place(row), bits));
                    distances(row).ifPresent(distances -> digest.distances(place(row), distances));
                    return true;
                },
                task);
        query.list(
                CHECKS,
                row -> {
                    digest.check(
                            row.getString("metric"),
                            Query.optionalText(row, "space"),
                            row.getString("check_name"),
                            row.getDouble("measured"),
                            row.getDouble("bound"),
                            row.getBoolean("passed"));
                    return true;
                },
                task);
        return new Result(query.find(MADE, row -> row.getString("sha256"), task), digest.hex());
    }

    /** What computed it; empty where that was not recorded. */
    public Map<String, String> environment(UUID task) {
        Map<String, String> environment = new TreeMap<>();
        query.find(ENVIRONMENT, row -> row.getString(1), task)
                .ifPresent(json -> ((Map<?, ?>) CanonicalJson.read(json, Map.class))
                        .forEach((key, value) -> environment.put(String.valueOf(key), String.valueOf(value))));
        return environment;
    }

    /** Keeps what an audit found of a task; nothing where the task failed. */
    public void record(UUID task, Result recorded, Optional<Result> found, Map<String, String> environment) {
        query.find(
                RECORD,
                row -> Query.uuid(row, "id"),
                UUID.randomUUID(),
                task,
                recorded.digest(),
                found.map(Result::digest).orElse(FAILED),
                CanonicalJson.write(environment));
    }

    private static String place(ResultSet row) {
        try {
            return ResultDigest.place(
                    row.getString("metric"),
                    row.getString("variant"),
                    row.getString("space"),
                    row.getBigDecimal("at"),
                    row.getString("split"));
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<float[]> distances(ResultSet row) throws SQLException {
        java.sql.Array stored = row.getArray("distances");
        if (stored == null) {
            return Optional.empty();
        }
        Float[] boxed = (Float[]) stored.getArray();
        float[] distances = new float[boxed.length];
        for (int i = 0; i < boxed.length; i++) {
            distances[i] = boxed[i];
        }
        return Optional.of(distances);
    }
}
