package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Map;
import java.util.TreeMap;

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
                throw new WorkerRefusedException(
                        "a worker must compute %s by version %d of the numerics or a newer one, which the store has seen, this program has %d: upgrade this program"
                                .formatted(kind, version, ours));
            }
        });
    }
}
