package org.basinlab.worker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Conclusion;

/** Claims and verdicts of a study, all invented: a small study is too small for real ones. */
final class MadeUpVerdicts {

    private static final Claim.Publication PAPER =
            new Claim.Publication("arXiv:2510.09174", "v2", "A made-up title", "Nobody");

    private MadeUpVerdicts() {}

    /**
     * Writes three claims that are decided, one that is not yet, and one that nobody can decide.
     *
     * @param study to which they are written, with one task at least
     */
    static void write(DataSource database, UUID study) throws SQLException {
        List<Conclusion> conclusions = List.of(reproduced(), contradicted(), dependent());
        try (Connection connection = database.getConnection()) {
            for (Conclusion conclusion : conclusions) {
                String digest = claim(connection, conclusion.claim(), Optional.empty());
                listed(connection, study, conclusion.claim(), digest);
                issued(connection, study, conclusion);
            }
            listed(connection, study, "H4", claim(connection, "H4", Optional.empty()));
            claim(connection, "G6", Optional.of("ImageNet and residual networks"));
        }
    }

    private static String claim(Connection connection, String id, Optional<String> awaits) throws SQLException {
        Decision decision = new Decision(
                Decision.Together.ALL,
                List.of(new Decision.Part(
                        "accuracy", Decision.Type.DIRECTION, Decision.Sign.POSITIVE, 0.01, "accuracy")));
        Specification primary = new Specification(
                "primary", Optional.empty(), Optional.empty(), 4, "main", List.of(), Map.of(), Map.of());
        Claim claim = new Claim(
                id,
                PAPER,
                Claim.Source.PAPER,
                "nowhere",
                "A made-up wording.",
                "a made-up estimand",
                "group of 4 disjoint networks",
                "not reported",
                12,
                false,
                List.of(),
                List.of(),
                List.of(),
                awaits.isPresent() ? Optional.empty() : Optional.of(decision),
                awaits.isPresent() ? List.of() : List.of(primary),
                awaits);
        execute(
                connection,
                "INSERT INTO ledger.claim (id, digest, definition) VALUES (?, ?, CAST(? AS jsonb)) ON CONFLICT DO NOTHING",
                id,
                claim.digest(),
                CanonicalJson.write(claim));
        // Where the program's own register stands there already, that is what results.claims shows.
        execute(
                connection,
                "INSERT INTO ledger.current_claim (id, digest, ordinal) VALUES (?, ?, 0) ON CONFLICT (id) DO NOTHING",
                id,
                claim.digest());
        return claim.digest();
    }

    private static void listed(Connection connection, UUID study, String claim, String digest) throws SQLException {
        execute(
                connection,
                "INSERT INTO ledger.study_claim (study_id, version, claim, digest, planned) VALUES (?, 1, ?, ?, 12)",
                study,
                claim,
                digest);
    }

    private static void issued(Connection connection, UUID study, Conclusion conclusion) throws SQLException {
        execute(
                connection,
                """
                INSERT INTO ledger.verdict (study_id, version, claim, outcome, assumption, conclusion, task_id)
                SELECT study_id, 1, ?, ?, ?, CAST(? AS jsonb), id
                  FROM ledger.task
                 WHERE study_id = ?
                 ORDER BY ordinal
                 LIMIT 1
                """,
                conclusion.claim(),
                conclusion.outcome().label(),
                conclusion.assumption().orElse(null),
                CanonicalJson.write(conclusion),
                study);
    }

    private static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private static Conclusion reproduced() {
        return new Conclusion(
                "H1",
                Conclusion.Outcome.REPRODUCED,
                Optional.empty(),
                "The estimate 0.0213 lies beyond the margin 0.01.",
                List.of(part("accuracy", 0.0213, 0.0148, 0.0279, 12, Map.of(), 0.0005)),
                3,
                List.of(
                        reading("primary", null, null, 0.0213, 12, Conclusion.Side.FOR),
                        reading("rounds-1", "rounds of MergeMany", "one", 0.0187, 12, Conclusion.Side.FOR),
                        reading("rounds-2", "rounds of MergeMany", "two", 0.0191, 12, Conclusion.Side.FOR),
                        reading("sgd", "optimiser", "SGD with momentum", 0.0118, 6, Conclusion.Side.FOR),
                        reading("second-reading", "architecture", "three hidden layers", null, 0, null)));
    }

    private static Conclusion contradicted() {
        return new Conclusion(
                "H2",
                Conclusion.Outcome.CONTRADICTED,
                Optional.empty(),
                "The interval lies on the other side of 0.",
                List.of(part("accuracy", -0.0162, -0.0231, -0.0094, 11, Map.of("nan", 1), 0.9995)),
                3,
                List.of(reading("primary", null, null, -0.0162, 11, Conclusion.Side.AGAINST)));
    }

    private static Conclusion dependent() {
        return new Conclusion(
                "H5",
                Conclusion.Outcome.DEPENDS,
                Optional.of("optimiser"),
                "1 of 2 specifications agree; the other one varies the optimiser.",
                List.of(
                        part("accuracy", 0.0144, 0.0112, 0.0175, 12, Map.of(), 0.0005),
                        part("loss", 0.0411, 0.0353, 0.0482, 12, Map.of(), 0.0005)),
                3,
                List.of(
                        reading("primary", null, null, 0.0144, 12, Conclusion.Side.FOR),
                        reading("sgd", "optimiser", "SGD with momentum", -0.0021, 6, Conclusion.Side.AGAINST)));
    }

    private static Conclusion.Part part(
            String name, double estimate, double low, double high, int n, Map<String, Integer> excluded, double p) {
        return new Conclusion.Part(
                name,
                Optional.of(estimate),
                Optional.of(low),
                Optional.of(high),
                0.95,
                Optional.of(low - 0.001),
                Optional.of(high + 0.001),
                n,
                excluded,
                Optional.of(p),
                Optional.of(Math.min(1, 3 * p)),
                Optional.of(1 - p),
                Optional.of(Math.min(1, 3 * (1 - p))),
                true,
                Optional.empty(),
                "SELECT 1",
                "00");
    }

    /** Without an estimate it was not measured. */
    private static Conclusion.Reading reading(
            String name, String assumption, String value, Double estimate, int n, Conclusion.Side side) {
        Map<String, Conclusion.Estimate> estimates = estimate == null
                ? Map.of()
                : Map.of(
                        "accuracy",
                        new Conclusion.Estimate(
                                estimate, Optional.of(estimate - 0.006), Optional.of(estimate + 0.006)));
        return new Conclusion.Reading(
                name,
                Optional.ofNullable(assumption),
                Optional.ofNullable(value),
                estimates,
                n,
                side == null ? Conclusion.Side.NOT_MEASURED : side);
    }
}
