package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;

/** Whether a program fits a store: two of different versions must not answer one study. */
@ApplicationScoped
class Fitness {

    private static final String SCHEMA = """
            SELECT coalesce(max(CAST(version AS integer)), 0)
              FROM flyway_schema_history
             WHERE success AND version ~ '^[0-9]+$'
            """;

    /** The newer of what is known and what comes, of each kind; held, so that of two who come at once one sees the other. */
    private static final String NUMERICS = """
            INSERT INTO ledger.numeric_version AS n (kind, version)
            SELECT v.kind, v.version
              FROM UNNEST(?::text[], ?::int[]) AS v (kind, version)
             ORDER BY v.kind
            ON CONFLICT (kind) DO UPDATE
               SET version = greatest(n.version, excluded.version), seen_at = clock_timestamp()
            RETURNING kind, version
            """;

    private static final String NEWER = """
            SELECT v.kind, v.version
              FROM ledger.numeric_version v
             WHERE v.version > CAST(CAST(? AS jsonb) ->> v.kind AS integer)
             ORDER BY v.kind
             LIMIT 1
            """;

    /** By its label, the numeric version of each kind of task in this program. */
    static final Map<String, Integer> OURS = Arrays.stream(TaskSpec.Kind.values())
            .collect(Collectors.toUnmodifiableMap(TaskSpec.Kind::label, TaskSpec.Kind::numericVersion));

    private final Statements statements;

    Fitness(Statements statements) {
        this.statements = statements;
    }

    /** Part of the caller's transaction, which ends with what is thrown here. */
    @Transactional(Transactional.TxType.MANDATORY)
    void require(WorkerFacts facts) {
        int schema = statements.find(SCHEMA, row -> row.getInt(1)).orElse(0);
        if (schema > facts.schemaVersion()) {
            throw new WorkerRefusedException(
                    "a worker must know the schema of the store, which is %d, this program knows %d: upgrade this program"
                            .formatted(schema, facts.schemaVersion()));
        }
        if (schema < facts.schemaVersion()) {
            throw new WorkerRefusedException(
                    "a worker needs schema %d, the store has %d: start a server of this version first"
                            .formatted(facts.schemaVersion(), schema));
        }
        Map<String, Integer> mine = new TreeMap<>(facts.numericVersions());
        Map<String, Integer> newest = new TreeMap<>();
        statements.list(
                NUMERICS,
                row -> newest.put(row.getString(1), row.getInt(2)),
                Statements.texts(mine.keySet()),
                Statements.column("int4", mine.values(), version -> version));
        newest.forEach((kind, version) -> {
            int ours = mine.getOrDefault(kind, version);
            if (ours < version) {
                throw outdated(kind, version, ours);
            }
        });
    }

    /** Part of the caller's transaction; whoever was fit when it came may not be so any more. */
    @Transactional(Transactional.TxType.MANDATORY)
    void requireNewest() {
        statements
                .find(NEWER, row -> Map.entry(row.getString(1), row.getInt(2)), CanonicalJson.write(OURS))
                .ifPresent(newer -> {
                    String kind = newer.getKey();
                    throw outdated(kind, newer.getValue(), OURS.getOrDefault(kind, 0));
                });
    }

    private static WorkerRefusedException outdated(String kind, int version, int ours) {
        return new WorkerRefusedException(
                "a worker must compute %s by version %d of the numerics or a newer one, which the store has seen, this program has %d: upgrade this program"
                        .formatted(kind, version, ours));
    }
}
