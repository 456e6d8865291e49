package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;

/** What the jobs that look after the store ask of it, and note in the audit. */
@ApplicationScoped
public class Upkeep {

    private static final String SIZE = "SELECT pg_database_size(current_database()) AS bytes";

    private static final String SKEW = "SELECT extract(epoch FROM clock_timestamp()) * 1000 AS millis";

    /** The study that was looked at longest ago, of those the newest; held so that two servers do not take the same. */
    private static final String TO_REPLAY = """
            SELECT s.id
              FROM ledger.study s
             WHERE s.state = 'SUCCEEDED'
               AND s.bundle IS NULL
               AND EXISTS (
                   SELECT
                     FROM ledger.task t
                    WHERE t.study_id = s.id AND t.outcome = 'SUCCEEDED' AND t.reused_from IS NULL AND t.kind <> 'judge')
               AND NOT EXISTS (
                   SELECT
                     FROM ledger.audit a
                    WHERE a.action = 'study-replayed' AND a.at > clock_timestamp() - make_interval(secs => ?))
             ORDER BY (SELECT max(a.at) FROM ledger.audit a WHERE a.action = 'study-replayed' AND a.study_id = s.id) NULLS FIRST,
                      s.finished_at DESC
             LIMIT 1
            """;

    /** Only where the last note of the kind said something else; on whichever server. */
    private static final String CHANGE = """
            INSERT INTO ledger.audit (actor, action, detail)
            SELECT 'engine', ?, CAST(? AS jsonb)
             WHERE ? IS DISTINCT FROM coalesce(
                   (SELECT a.action FROM ledger.audit a WHERE a.action LIKE 'store-%' ORDER BY a.id DESC LIMIT 1),
                   'store-room')
            """;

    private final Query query;
    private final Statements statements;
    private final Audit audit;

    Upkeep(DataSource database, Statements statements, Audit audit) {
        this.query = new Query(database);
        this.statements = statements;
        this.audit = audit;
    }

    /** Bytes that the database takes up on its disk. */
    public long storeBytes() {
        return query.find(SIZE, row -> row.getLong("bytes")).orElseThrow();
    }

    /** The database's clock, in milliseconds since 1970. */
    public long clockMillis() {
        return query.find(SKEW, row -> row.getLong("millis")).orElseThrow();
    }

    /** A study of which some tasks are to be run again, unless that was done for any within {@code pause}. */
    public Optional<UUID> findToReplay(Duration pause) {
        return query.find(TO_REPLAY, row -> Query.uuid(row, "id"), pause.toMillis() / 1000.0);
    }

    /** Notes that some tasks of a study were run again. */
    @Transactional
    public void noteReplay(UUID study, Map<String, ?> detail) {
        audit.write(Audit.ENGINE, "study-replayed", Optional.of(study), Optional.empty(), Optional.empty(), detail);
    }

    /** How much room the store has. */
    public enum Room {
        ROOM,
        ALARM,
        FULL;

        private String action() {
            return "store-" + name().toLowerCase(Locale.ROOT);
        }
    }

    /** Notes how much room there is; returns whether that is something new. */
    @Transactional
    public boolean noteRoom(Room room, Map<String, ?> detail) {
        return statements.change(CHANGE, room.action(), CanonicalJson.write(detail), room.action()) > 0;
    }
}
