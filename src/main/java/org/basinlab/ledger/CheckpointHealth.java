package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Holds checkpoints against their digests, and keeps note in the store of those that are damaged: since when, and what was found. Works on
 * any connection to the store, outside of transactions.
 */
public final class CheckpointHealth {

    private static final Logger LOG = Logger.getLogger(CheckpointHealth.class);

    /** Of a study: the networks of its tasks, made or taken over, and those along its trainings. */
    private static final String LIST = """
            SELECT c.sha256, c.bytes, c.chunks, c.dropped_at IS NOT NULL AS dropped
              FROM ledger.checkpoint c
             WHERE CAST(? AS uuid) IS NULL
                OR c.sha256 IN (
                   SELECT n.sha256
                     FROM ledger.task t
                     JOIN ledger.network n ON n.id = t.network_id
                    WHERE t.study_id = ?
                    UNION
                   SELECT k.sha256
                     FROM ledger.task t
                     JOIN ledger.snapshot k ON k.task_id = coalesce(t.reused_from, t.id)
                    WHERE t.study_id = ?)
             ORDER BY c.sha256
            """;

    private static final String NOTED = """
            SELECT EXISTS (SELECT FROM ledger.checkpoint WHERE sha256 = ? AND damaged_at IS NOT NULL)
            """;

    private static final String NOTED_AND_GIVEN_UP = """
            SELECT sha256 FROM ledger.checkpoint WHERE damaged_at IS NOT NULL AND dropped_at IS NOT NULL
            """;

    /** A reader whose own transaction holds the checkpoint would wait for itself. */
    private static final String WAIT = "SET LOCAL lock_timeout = '10s'";

    /** Until the end of the transaction nobody gives the bytes up or puts others there. */
    private static final String HOLD = """
            SELECT sha256, bytes, chunks, dropped_at IS NOT NULL AS dropped, damage
              FROM ledger.checkpoint
             WHERE sha256 = ?
               FOR NO KEY UPDATE
            """;

    private static final String NOTE = """
            UPDATE ledger.checkpoint
               SET damage = ?, damaged_at = CASE WHEN CAST(? AS text) IS NOT NULL THEN clock_timestamp() END
             WHERE sha256 = ?
            """;

    private final DataSource database;
    private final Query query;
    private final ChunkTable chunks;

    public CheckpointHealth(DataSource database) {
        this.database = database;
        this.query = new Query(database);
        this.chunks = Checkpoints.chunks(database);
    }

    /** How a checkpoint was found. */
    public enum State {
        WHOLE,
        DAMAGED,
        GIVEN_UP
    }

    /**
     * What was found of a checkpoint.
     *
     * @param damage what is wrong, of a damaged one
     * @param isCured whether it is whole or given up and was noted as damaged until now
     */
    public record Finding(String sha256, State state, Optional<String> damage, boolean isCured) {

        static Finding of(CheckpointFacts facts, Optional<String> damage, boolean isNoted) {
            State state = facts.dropped() ? State.GIVEN_UP : damage.isPresent() ? State.DAMAGED : State.WHOLE;
            return new Finding(facts.sha256(), state, damage, isNoted && state != State.DAMAGED);
        }
    }

    /** All checkpoints, or those of a study, by their SHA-256. */
    public List<CheckpointFacts> list(Optional<UUID> study) {
        UUID only = study.orElse(null);
        return query.list(LIST, CheckpointStream::facts, only, only, only);
    }

    /** Those of the store that have no bytes any more and are noted as damaged all the same; of the others given up nothing is to be read. */
    public Set<String> notedAndGivenUp() {
        return Set.copyOf(query.list(NOTED_AND_GIVEN_UP, row -> row.getString(1)));
    }

    /**
     * Reads a checkpoint from end to end, notes it where it is damaged, and takes the note off where it is whole again.
     *
     * @throws CheckpointException if there is none of that digest
     */
    public Finding examine(CheckpointFacts facts) {
        String sha256 = facts.sha256();
        boolean isNoted = query.find(NOTED, row -> row.getBoolean(1), sha256).orElse(false);
        if (!isNoted) {
            if (facts.dropped()) {
                return Finding.of(facts, Optional.empty(), false);
            }
            if (CheckpointCheck.fault(facts, chunks.count(sha256), at -> chunks.read(sha256, at))
                    .isEmpty()) {
                return Finding.of(facts, Optional.empty(), false);
            }
        }
        try {
            return settle(sha256);
        } catch (SQLException e) {
            throw new IllegalStateException("the store cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Notes what a reader came upon, in a transaction of its own, unless it is noted already or not found so once more. Where that does not
     * succeed the reader's own fault is told all the same.
     *
     * @return the fault
     */
    CheckpointException note(CheckpointException fault) {
        fault.damaged().ifPresent(sha256 -> {
            try {
                settle(sha256);
            } catch (SQLException | RuntimeException e) {
                LOG.debugf(e, "checkpoint %s is damaged, which could not be noted", sha256);
            }
        });
        return fault;
    }

    private Finding settle(String sha256) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Finding finding = settle(connection, sha256);
                connection.commit();
                return finding;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** What a reader saw may have been half of a change: nothing changes under this second look. */
    private Finding settle(Connection connection, String sha256) throws SQLException {
        Noted noted = hold(connection, sha256);
        CheckpointFacts facts = noted.facts();
        Savepoint held = connection.setSavepoint();
        Optional<String> damage = facts.dropped()
                ? Optional.empty()
                : CheckpointCheck.fault(
                        facts, chunks.count(connection, sha256), at -> chunks.read(connection, sha256, at));
        if (damage.isPresent()) {
            // Where the database itself could not read, it takes no further statement else.
            connection.rollback(held);
        }
        boolean isNoted = noted.damage() != null;
        if (damage.isPresent() != isNoted) {
            String found = damage.orElse(null);
            try (PreparedStatement update = connection.prepareStatement(NOTE)) {
                update.setString(1, found);
                update.setString(2, found);
                update.setString(3, sha256);
                update.executeUpdate();
            }
            String action = damage.isPresent() ? CheckpointAudit.DAMAGED : CheckpointAudit.WHOLE;
            CheckpointAudit.write(connection, Audit.ENGINE, action, sha256, found);
        }
        return Finding.of(facts, damage, isNoted);
    }

    private static Noted hold(Connection connection, String sha256) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement select = connection.prepareStatement(HOLD)) {
            statement.execute(WAIT);
            select.setString(1, sha256);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new CheckpointException("no checkpoint has the SHA-256 " + sha256);
                }
                return new Noted(CheckpointStream.facts(row), row.getString("damage"));
            }
        }
    }

    private record Noted(CheckpointFacts facts, @Nullable String damage) {}
}
