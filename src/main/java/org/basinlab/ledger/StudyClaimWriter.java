package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.study.Arm;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Specification;
import org.basinlab.study.Study;

/** Fixes what a study is to decide before its first result: wording, rule, queries and number of units of every claim. */
@ApplicationScoped
class StudyClaimWriter {

    static final String BY_ITS_WORDS = "the specification says so";

    private static final String INSERT = """
            INSERT INTO ledger.study_claim (study_id, version, claim, digest, planned, exploratory)
            SELECT ?, ?, t.claim, t.digest, t.planned, ?
              FROM UNNEST(?::text[], ?::text[], ?::int[]) AS t (claim, digest, planned)
            """;

    private final DataSource database;
    private final ClaimRegister register;

    StudyClaimWriter(DataSource database, ClaimRegister register) {
        this.database = database;
        this.register = register;
    }

    /**
     * Part of the caller's transaction.
     *
     * @throws IllegalArgumentException if the study lists a claim that the register does not have
     */
    void write(UUID id, int version, Study study) {
        if (study.claims().isEmpty()) {
            return;
        }
        List<Claim> claims = study.claims().stream().map(this::known).toList();
        try (Connection connection = database.getConnection()) {
            RegisterWriter.register(connection, claims);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, id);
                insert.setInt(2, version);
                insert.setString(3, study.exploratory() ? BY_ITS_WORDS : null);
                Columns<Claim> columns = new Columns<>(connection, insert, 4, claims);
                columns.add("text", Claim::id);
                columns.add("text", Claim::digest);
                columns.add("int4", claim -> planned(study, claim));
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write the claims of study %s: %s".formatted(id, e.getMessage()), e);
        }
    }

    private Claim known(String id) {
        return register.find(id)
                .orElseThrow(() ->
                        new IllegalArgumentException("claims must be of the register, '%s' is not".formatted(id)));
    }

    /** Whole blocks of the arm's networks. */
    private static int planned(Study study, Claim claim) {
        Specification primary = claim.primary()
                .orElseThrow(() -> new IllegalArgumentException(
                        "claims of a study must be measurable, %s is not".formatted(claim.id())));
        return study.arms().stream()
                .filter(arm -> arm.name().equals(primary.arm()))
                .mapToInt((Arm arm) -> arm.seeds().count() / primary.groupSize())
                .findFirst()
                .orElse(0);
    }
}
