package org.basinlab.ledger;

import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.workflow.TaskSpec;

/** Says why the work of a task was taken from an earlier one, or why it was not. */
public final class Memo {

    private static final String TASK = """
            SELECT t.kind, t.key, t.reused_from, coalesce(t.finished_at, clock_timestamp()) AS by, o.study_id, s.name
              FROM ledger.task t
              LEFT JOIN ledger.task o ON o.id = t.reused_from
              LEFT JOIN ledger.study s ON s.id = o.study_id
             WHERE t.id = ?
            """;

    /** Of equal work that had ended by then, and of work that only looks equal; the nearest first. */
    private static final String NEAREST = """
            SELECT o.id, o.study_id, s.name, c.why
              FROM ledger.task t
              JOIN ledger.task o ON o.id <> t.id AND o.outcome = 'SUCCEEDED' AND o.reused_from IS NULL
               AND (o.key = t.key OR o.kind = t.kind AND o.parameters = t.parameters)
              JOIN ledger.study s ON s.id = o.study_id
              LEFT JOIN ledger.network n ON n.id = o.network_id AND o.kind <> 'evaluate'
              LEFT JOIN ledger.checkpoint p ON p.sha256 = n.sha256
              LEFT JOIN LATERAL (
                   SELECT CAST(a.environment ->> 'numericVersion' AS integer) AS version
                     FROM ledger.attempt a
                    WHERE a.task_id = o.id
                      AND a.outcome = 'succeeded'
                    ORDER BY a.number DESC
                    LIMIT 1) a ON true
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN o.key = t.key AND s.bundle IS NOT NULL THEN 'bundle'
                               WHEN o.key = t.key AND (p.dropped_at IS NOT NULL OR p.damaged_at IS NOT NULL) THEN 'bytes'
                               WHEN o.key = t.key THEN 'later'
                               WHEN o.data_digest IS DISTINCT FROM t.data_digest THEN 'data'
                               WHEN a.version IS DISTINCT FROM CAST(? AS integer) THEN 'version'
                               ELSE 'inputs'
                          END AS why) c
             WHERE t.id = ?
               AND o.finished_at <= ?
             ORDER BY array_position(ARRAY['bytes', 'bundle', 'later', 'version', 'data', 'inputs'], c.why), o.finished_at, o.id
             LIMIT 1
            """;

    private final Query query;

    public Memo(DataSource database) {
        this.query = new Query(database);
    }

    /** Empty where there is no such task. */
    public Optional<Explanation> explain(UUID task) {
        return query.find(
                TASK,
                row -> {
                    UUID earlier = row.getObject("reused_from", UUID.class);
                    if (earlier != null) {
                        UUID study = row.getObject("study_id", UUID.class);
                        return new Explanation(
                                true,
                                "its work was done by task %s of study %s (%s)"
                                        .formatted(earlier, row.getString("name"), study),
                                Optional.of(earlier),
                                Optional.of(study));
                    }
                    String kind = row.getString("kind");
                    if (kind.equals(TaskSpec.Kind.JUDGE.label())) {
                        return Explanation.miss("what a judge says is never taken from another");
                    }
                    if (row.getString("key") == null) {
                        return Explanation.miss(
                                "what it takes is not there yet, so nobody knows whether its work was done");
                    }
                    return miss(task, kind, row.getObject("by", OffsetDateTime.class));
                },
                task);
    }

    private Explanation miss(UUID task, String kind, OffsetDateTime by) {
        int version = TaskSpec.Kind.valueOf(kind.toUpperCase(Locale.ROOT)).numericVersion();
        return query.find(
                        NEAREST,
                        row -> {
                            UUID other = row.getObject(1, UUID.class);
                            UUID study = row.getObject(2, UUID.class);
                            String which = "task %s of study %s (%s)".formatted(other, row.getString(3), study);
                            return new Explanation(
                                    false, why(row.getString(4), which), Optional.of(other), Optional.of(study));
                        },
                        version,
                        task,
                        by)
                .orElseGet(() -> Explanation.miss("nothing like it was done before"));
    }

    private static String why(String why, String which) {
        return switch (why) {
            case "bytes" ->
                "%s did the same, but the bytes of its network were given up or are damaged".formatted(which);
            case "bundle" -> "%s did the same, but came with a bundle: nobody here saw it done".formatted(which);
            case "later" -> "%s did the same while this one was in a worker's hands".formatted(which);
            case "version" -> "%s is alike, but was computed by another version of the numerics".formatted(which);
            case "data" -> "%s is alike, but read other data".formatted(which);
            default -> "%s is alike, but took other inputs".formatted(which);
        };
    }

    /**
     * Why.
     *
     * @param hit whether the work was taken from an earlier task
     * @param task that did it, or that is nearest to it
     */
    public record Explanation(boolean hit, String reason, Optional<UUID> task, Optional<UUID> study) {

        private static Explanation miss(String reason) {
            return new Explanation(false, reason, Optional.empty(), Optional.empty());
        }
    }
}
