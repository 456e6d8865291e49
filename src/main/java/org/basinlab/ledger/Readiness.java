package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskKey;
import org.basinlab.workflow.TaskSpec;
import org.jspecify.annotations.Nullable;

/**
 * What follows when tasks succeed: their dependants learn of it, those whose last input this was get their key and become
 * ready, and those whose work was done before take that result at once, which lets theirs follow. Each round of it is a handful of
 * statements, however many tasks it is about.
 */
@ApplicationScoped
class Readiness {

    /** What waits for these tasks, held in one order by everybody, so that two who finish do not block each other. */
    private static final String DEPENDANTS = """
            SELECT q.task_id
              FROM ledger.task_queue q
             WHERE q.task_id IN (SELECT i.task_id FROM ledger.task_input i WHERE i.input_task_id = ANY (?))
             ORDER BY q.task_id
               FOR UPDATE
            """;

    private static final String ARRIVE = """
            UPDATE ledger.task_queue q
               SET missing = q.missing - a.inputs,
                   state = CASE WHEN q.missing = a.inputs THEN 'READY' ELSE q.state END,
                   ready_at = CASE WHEN q.missing = a.inputs THEN clock_timestamp() END
              FROM (SELECT i.task_id, count(DISTINCT i.input_task_id) AS inputs
                      FROM ledger.task_input i
                     WHERE i.input_task_id = ANY (?)
                       AND i.task_id = ANY (?)
                     GROUP BY i.task_id) a
             WHERE q.task_id = a.task_id
            RETURNING q.task_id, q.state
            """;

    private static final String WORK = """
            SELECT t.id, CAST(t.parameters AS text), t.data_digest
              FROM ledger.task t
             WHERE t.id = ANY (?)
            """;

    private static final String NAME = """
            UPDATE ledger.task t
               SET key = n.key
              FROM UNNEST(?::uuid[], ?::text[]) AS n (id, key)
             WHERE t.id = n.id
            """;

    /** Earlier results whose networks, where they made any, can still be read. What came with a bundle was not seen to happen. */
    private static final String EARLIER = """
            SELECT DISTINCT ON (t.key) t.key, t.id, CASE WHEN t.kind IN ('train', 'merge', 'control') THEN t.network_id END
              FROM ledger.task t
              LEFT JOIN ledger.network n ON n.id = t.network_id
              LEFT JOIN ledger.checkpoint c ON c.sha256 = n.sha256
              JOIN ledger.study s ON s.id = t.study_id AND s.bundle IS NULL
             WHERE t.key = ANY (?)
               AND t.outcome = 'SUCCEEDED'
               AND t.reused_from IS NULL
               AND (t.kind = 'evaluate' OR c.dropped_at IS NULL AND c.damaged_at IS NULL)
             ORDER BY t.key, t.id
            """;

    private static final String HOLD_BYTES = """
            SELECT n.id
              FROM ledger.network n
              JOIN ledger.checkpoint c ON c.sha256 = n.sha256
             WHERE n.id = ANY (?)
               AND c.dropped_at IS NULL
               AND c.damaged_at IS NULL
             ORDER BY c.sha256
               FOR SHARE OF c
            """;

    private static final String EQUAL = """
            WITH open AS MATERIALIZED (
                SELECT t.id, t.key
                  FROM ledger.task t
                 WHERE t.key = ANY (?)
                   AND t.outcome IS NULL)
            SELECT q.task_id, o.key
              FROM open o
              JOIN ledger.task_queue q ON q.task_id = o.id
             WHERE q.state = 'READY'
             ORDER BY q.task_id
               FOR UPDATE OF q SKIP LOCKED
            """;

    /**
     * Ready tasks of a study whose work may be there already: a few questions each are asked of these alone. A join instead of the
     * subquery would compare every task with every earlier result where the statistics are from before those results.
     */
    private static final String DONE_BEFORE = """
            SELECT q.task_id, t.key
              FROM ledger.task_queue q
              JOIN ledger.task t ON t.id = q.task_id
             WHERE q.study_id = ?
               AND q.state = 'READY'
               AND (SELECT true
                      FROM ledger.task e
                      JOIN ledger.study o ON o.id = e.study_id AND o.bundle IS NULL
                     WHERE e.key = t.key
                       AND e.outcome = 'SUCCEEDED'
                       AND e.reused_from IS NULL
                     LIMIT 1)
             ORDER BY q.task_id
               FOR UPDATE OF q SKIP LOCKED
            """;

    /** One that measures belongs to its own first input; several networks measured as one have none. */
    private static final String REUSE = """
            UPDATE ledger.task t
               SET outcome = 'SUCCEEDED',
                   reused_from = r.earlier,
                   finished_at = ?,
                   network_id = CASE
                       WHEN t.kind <> 'evaluate' THEN e.network_id
                       WHEN t.parameters #> '{evaluate,combination}' IS NULL THEN (
                           SELECT i.network_id
                             FROM ledger.task_input p
                             JOIN ledger.task i ON i.id = p.input_task_id
                            WHERE p.task_id = t.id
                            ORDER BY p.position
                            LIMIT 1)
                   END
              FROM UNNEST(?::uuid[], ?::uuid[]) AS r (id, earlier)
              JOIN ledger.task e ON e.id = r.earlier
             WHERE t.id = r.id
               AND t.outcome IS NULL
            RETURNING t.id, t.study_id, t.key
            """;

    private static final String LEAVE = """
            DELETE FROM ledger.task_queue
             WHERE task_id = ANY (?)
            """;

    /** Everything that needs this task, near or far, and stands in the queue. */
    private static final String BLOCK = """
            WITH RECURSIVE stuck AS (
                SELECT i.task_id FROM ledger.task_input i WHERE i.input_task_id = ?
                 UNION
                SELECT i.task_id FROM stuck s JOIN ledger.task_input i ON i.input_task_id = s.task_id),
            held AS MATERIALIZED (
                SELECT q.task_id
                  FROM stuck s
                  JOIN ledger.task_queue q ON q.task_id = s.task_id
                 ORDER BY q.task_id
                   FOR UPDATE OF q),
            out AS (
                DELETE FROM ledger.task_queue q USING held h WHERE q.task_id = h.task_id RETURNING q.task_id)
            UPDATE ledger.task t
               SET outcome = 'BLOCKED', reason = ?, finished_at = clock_timestamp()
              FROM out
             WHERE t.id = out.task_id
               AND t.outcome IS NULL
            RETURNING t.study_id
            """;

    private final Claims claims;
    private final Statements statements;
    private final Signals signals;

    Readiness(Claims claims, Statements statements, Signals signals) {
        this.claims = claims;
        this.statements = statements;
        this.signals = signals;
    }

    /**
     * Tells the dependants of tasks that have just succeeded.
     *
     * @return the studies in which something succeeded by that, in the one order in which they may be held
     */
    SortedSet<UUID> succeeded(Collection<Done> first, Instant now) {
        SortedSet<UUID> studies = new TreeSet<>();
        boolean ready = false;
        for (Collection<Done> round = first; !round.isEmpty(); ) {
            round.forEach(done -> studies.add(done.study()));
            List<Done> next = new ArrayList<>(reuseByEqual(round, now));
            List<UUID> arrived = arrive(round);
            if (!arrived.isEmpty()) {
                List<Done> linked = link(name(arrived), now);
                ready |= linked.size() < arrived.size();
                next.addAll(linked);
            }
            round = next;
        }
        if (ready) {
            signals.work();
        }
        return studies;
    }

    /** Links what of a study's ready tasks was done before, and what follows; returns the studies as {@link #succeeded}. */
    SortedSet<UUID> reuseReady(UUID study, Instant now) {
        Map<UUID, String> known = new HashMap<>();
        statements.list(DONE_BEFORE, row -> known.put(row.getObject(1, UUID.class), row.getString(2)), study);
        return succeeded(link(known, now), now);
    }

    /** Takes everything that needs a failed task out of the queue; returns in how many tasks. */
    int block(UUID failed, String reason) {
        return statements
                .list(BLOCK, row -> row.getObject(1, UUID.class), failed, reason)
                .size();
    }

    /** Those of the dependants that are ready now. */
    private List<UUID> arrive(Collection<Done> round) {
        var done = Statements.column("uuid", round, Done::task);
        List<UUID> held = statements.list(DEPENDANTS, row -> row.getObject(1, UUID.class), done);
        if (held.isEmpty()) {
            return List.of();
        }
        List<UUID> ready = new ArrayList<>();
        statements.list(
                ARRIVE,
                row -> row.getString(2).equals("READY") && ready.add(row.getObject(1, UUID.class)),
                done,
                Statements.uuids(held));
        return ready;
    }

    /** Names the work of ready tasks, which is known in full now. */
    Map<UUID, String> name(Collection<UUID> ready) {
        Map<UUID, List<Lease.Input>> inputs = claims.inputs(ready);
        Map<UUID, String> keys = new HashMap<>();
        statements.list(
                WORK,
                row -> {
                    UUID task = row.getObject(1, UUID.class);
                    List<String> digests = inputs.getOrDefault(task, List.of()).stream()
                            .map(Lease.Input::sha256)
                            .toList();
                    TaskSpec spec = CanonicalJson.read(row.getString(2), TaskSpec.class);
                    return keys.put(task, TaskKey.of(spec, digests, Optional.ofNullable(row.getString(3))));
                },
                Statements.uuids(ready));
        statements.change(
                NAME,
                Statements.column("uuid", keys.entrySet(), Map.Entry::getKey),
                Statements.column("text", keys.entrySet(), Map.Entry::getValue));
        return keys;
    }

    /** Ends those whose work was done before. */
    private List<Done> link(Map<UUID, String> keys, Instant now) {
        if (keys.isEmpty()) {
            return List.of();
        }
        Map<String, Earlier> earlier = new HashMap<>();
        statements.list(
                EARLIER, row -> earlier.put(row.getString(1), Earlier.of(row)), Statements.texts(keys.values()));
        holdBytes(earlier);
        Map<UUID, UUID> links = new HashMap<>();
        keys.forEach(
                (task, key) -> Optional.ofNullable(earlier.get(key)).ifPresent(one -> links.put(task, one.task())));
        return reuse(links, now);
    }

    /** Holds the bytes of networks against being given up until the end of the transaction; takes out those that were, or are damaged. */
    private void holdBytes(Map<String, Earlier> earlier) {
        List<UUID> networks = earlier.values().stream()
                .flatMap(one -> Optional.ofNullable(one.network()).stream())
                .toList();
        if (!networks.isEmpty()) {
            List<UUID> held =
                    statements.list(HOLD_BYTES, row -> row.getObject(1, UUID.class), Statements.uuids(networks));
            earlier.values().removeIf(one -> one.network() != null && !held.contains(one.network()));
        }
    }

    /** Tasks of the same keys that are ready and in nobody's hands. */
    private List<Done> reuseByEqual(Collection<Done> round, Instant now) {
        Map<String, UUID> originals = new HashMap<>();
        round.forEach(done -> {
            if (done.isOriginal() && done.key() != null) {
                originals.put(done.key(), done.task());
            }
        });
        if (originals.isEmpty()) {
            return List.of();
        }
        Map<UUID, UUID> links = new HashMap<>();
        statements.list(
                EQUAL,
                row -> links.put(row.getObject(1, UUID.class), originals.get(row.getString(2))),
                Statements.texts(originals.keySet()));
        return reuse(links, now);
    }

    private List<Done> reuse(Map<UUID, UUID> links, Instant now) {
        if (links.isEmpty()) {
            return List.of();
        }
        List<Done> done = statements.list(
                REUSE,
                row -> new Done(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getString(3), false),
                now,
                Statements.column("uuid", links.entrySet(), Map.Entry::getKey),
                Statements.column("uuid", links.entrySet(), Map.Entry::getValue));
        statements.change(LEAVE, Statements.column("uuid", done, Done::task));
        return done;
    }

    private record Earlier(UUID task, @Nullable UUID network) {
        static Earlier of(ResultSet row) throws SQLException {
            return new Earlier(row.getObject(2, UUID.class), row.getObject(3, UUID.class));
        }
    }

    /**
     * A task that has succeeded.
     *
     * @param isOriginal whether the work was done for it and not taken from an earlier one
     */
    record Done(UUID task, UUID study, @Nullable String key, boolean isOriginal) {}
}
