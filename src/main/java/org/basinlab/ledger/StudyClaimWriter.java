package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Study;
import org.basinlab.workflow.ClaimCoverage;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.TaskSpec;
import org.jspecify.annotations.Nullable;

/** Fixes what a study is to decide before its first result: wording, rule, queries and number of units of every claim. */
@ApplicationScoped
class StudyClaimWriter {

    static final String BY_ITS_WORDS = "the specification says so";

    static final String EXTENDED = "an extension of a study that was judged";

    private static final String INSERT = """
            INSERT INTO ledger.study_claim (study_id, version, claim, digest, planned, rules, exploratory)
            SELECT ?, ?, t.claim, t.digest, t.planned, ?, ?
              FROM UNNEST(?::text[], ?::text[], ?::int[]) AS t (claim, digest, planned)
            """;

    private final DataSource database;
    private final ClaimRegister register;

    StudyClaimWriter(DataSource database, ClaimRegister register) {
        this.database = database;
        this.register = register;
    }

    /**
     * Part of the caller's transaction. What a later version of a plan says of a claim is exploratory: it adds to what was seen.
     *
     * @throws IllegalArgumentException if the study lists a claim that the register does not have
     */
    void write(UUID id, int version, Study study, Plan plan) {
        if (study.claims().isEmpty()) {
            return;
        }
        List<Claim> claims = study.claims().stream().map(register::get).toList();
        Map<String, Integer> planned = ClaimCoverage.of(study, plan, register).stream()
                .collect(Collectors.toMap(ClaimCoverage::claim, ClaimCoverage::planned));
        try (Connection connection = database.getConnection()) {
            RegisterWriter.register(connection, claims);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, id);
                insert.setInt(2, version);
                insert.setInt(3, TaskSpec.Kind.JUDGE.numericVersion());
                insert.setString(4, exploratory(study, version));
                Columns<Claim> columns = new Columns<>(connection, insert, 5, claims);
                columns.add("text", Claim::id);
                columns.add("text", Claim::digest);
                columns.add("int4", claim -> planned.get(claim.id()));
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write the claims of study %s: %s".formatted(id, e.getMessage()), e);
        }
    }

    private static @Nullable String exploratory(Study study, int version) {
        if (study.exploratory()) {
            return BY_ITS_WORDS;
        }
        return version > 1 ? EXTENDED : null;
    }
}
