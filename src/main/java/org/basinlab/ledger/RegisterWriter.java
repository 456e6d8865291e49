package org.basinlab.ledger;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;

/** Keeps the wordings of claims in the store: every one that it has ever seen, and which of them this program has. */
@ApplicationScoped
class RegisterWriter {

    /** Before anything that submits a study. */
    private static final int EARLY = 1_000;

    private static final String REGISTER = """
            INSERT INTO ledger.claim (id, digest, definition)
            SELECT id, digest, CAST(definition AS jsonb)
              FROM UNNEST(?::text[], ?::text[], ?::text[]) AS t (id, digest, definition)
            ON CONFLICT DO NOTHING
            """;

    private static final String CURRENT = """
            WITH known AS (
                SELECT id, digest, (place - 1)::integer AS ordinal
                  FROM UNNEST(?::text[], ?::text[]) WITH ORDINALITY AS t (id, digest, place)),
            gone AS (
                DELETE FROM ledger.current_claim c WHERE NOT EXISTS (SELECT FROM known k WHERE k.id = c.id))
            INSERT INTO ledger.current_claim (id, digest, ordinal)
            SELECT id, digest, ordinal FROM known
            ON CONFLICT (id) DO UPDATE
               SET digest = excluded.digest, ordinal = excluded.ordinal
             WHERE (current_claim.digest, current_claim.ordinal) <> (excluded.digest, excluded.ordinal)
            """;

    /** Held by one program at a time, to the end of its transaction. */
    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended('ledger.current_claim', 0))";

    private final DataSource database;
    private final ClaimRegister register;

    RegisterWriter(DataSource database, ClaimRegister register) {
        this.database = database;
        this.register = register;
    }

    @Transactional
    void open(@Observes @Priority(EARLY) StartupEvent opened) {
        keep(register.list());
    }

    /** Makes these the wordings that the views show, whatever they showed before; part of the caller's transaction. */
    void keep(List<Claim> claims) {
        try (Connection connection = database.getConnection()) {
            try (Statement hold = connection.createStatement()) {
                hold.execute(ONE_AT_A_TIME);
            }
            register(connection, claims);
            try (PreparedStatement insert = connection.prepareStatement(CURRENT)) {
                Columns<Claim> columns = new Columns<>(connection, insert, 1, claims);
                columns.add("text", Claim::id);
                columns.add("text", Claim::digest);
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write the register of claims: " + e.getMessage(), e);
        }
    }

    static void register(Connection connection, List<Claim> claims) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(REGISTER)) {
            Columns<Claim> columns = new Columns<>(connection, insert, 1, claims);
            columns.add("text", Claim::id);
            columns.add("text", Claim::digest);
            columns.add("text", CanonicalJson::write);
            insert.executeUpdate();
        }
    }
}
