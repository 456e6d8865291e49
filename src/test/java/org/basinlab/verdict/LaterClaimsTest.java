package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.basinlab.embedded.EmbeddedPostgres;
import org.basinlab.ledger.ClaimReading;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Conclusion;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The claims of Git Re-Basin, REPAIR and the later looks at them, decided by made-up numbers on either side. */
class LaterClaimsTest {

    private static final int UNITS = 12;

    /** By arm: a barrier that falls step by step. */
    private static final Map<String, Double> FALLING = new HashMap<>();

    static {
        for (List<String> arms : List.of(
                List.of("vgg16-1-8", "vgg16-1-4", "vgg16-1-2", "vgg16-1"),
                List.of("resnet20-1", "resnet20-2", "resnet20-4", "resnet20-8"),
                List.of("hidden=64-64-64", "hidden=128-128-128", "hidden=256-256-256", "main"),
                List.of("epochs=1", "epochs=5", "epochs=10", "main"),
                List.of("mnist-1", "mnist-5", "mnist-10", "mnist"))) {
            for (int i = 0; i < arms.size(); i++) {
                FALLING.put(arms.get(i), 1 - 0.3 * i);
            }
        }
    }

    @TempDir
    private static Path home;

    private static EmbeddedPostgres postgres;
    private static PGSimpleDataSource database;
    private static long studies;

    @BeforeAll
    static void open() {
        postgres = EmbeddedPostgres.open(home, message -> {});
        database = new PGSimpleDataSource();
        database.setUrl(postgres.jdbcUrl());
        database.setUser(postgres.user());
        database.setPassword(postgres.password());
        Flyway.configure()
                .dataSource(database)
                .locations("filesystem:migrations")
                .load()
                .migrate();
    }

    @AfterAll
    static void close() {
        postgres.close();
    }

    private static double falling(Specification.Need need) {
        return FALLING.getOrDefault(need.arm(), Double.NaN);
    }

    private static double g5(Specification.Need need, double straightThrough, double activation, double seconds) {
        boolean ofOther = need.arm().endsWith("activation") || need.arm().equals("pearson");
        if (need.metric().equals("seconds")) {
            return ofOther ? seconds : 1;
        }
        return need.arm().endsWith("straight-through") ? straightThrough : ofOther ? activation : 0.3;
    }

    /** Parents of a pair, and single networks, at one; what is made of them at {@code made}. */
    private static double merged(Specification.Need need, double made) {
        return need.scheme().equals("trained") ? 1 : made;
    }

    private static double rate(Specification.Need need, double good) {
        return List.of("sgd-high", "adam-low").contains(need.arm()) ? good : 1 - good;
    }

    private static double penalty(Specification.Need need) {
        Map<String, Double> barriers = Map.of(
                "learning-rate=0.0003", 1.2,
                "main", 1.0,
                "l2=0.0001", 0.7,
                "learning-rate=0.003", 0.7,
                "l2=0.001", 0.4,
                "learning-rate=0.01", 0.3,
                "l2=0.01", 0.1);
        return barriers.getOrDefault(need.arm(), Double.NaN);
    }

    private static double repaired(Specification.Need need, double kept) {
        if (need.scheme().equals("trained")) {
            return 0.9;
        }
        return need.variant().orElseThrow().isEmpty() ? 0.5 : kept;
    }

    private static double bySize(Specification.Need need) {
        return 0.9 - 0.05 * need.groupSize();
    }

    private static Arguments sides(
            String claim, ToDoubleFunction<Specification.Need> holds, ToDoubleFunction<Specification.Need> fails) {
        return Arguments.of(claim, holds, fails);
    }

    static Stream<Arguments> claims() {
        ToDoubleFunction<Specification.Need> aligned =
                need -> need.variant().orElseThrow().startsWith("naive") ? 1 : 0.2;
        return Stream.of(
                sides("G1", aligned, need -> 1.2 - aligned.applyAsDouble(need)),
                sides("G2", need -> 0.003, need -> 0.2),
                sides("G3", LaterClaimsTest::falling, need -> 1 - falling(need)),
                sides("G4", LaterClaimsTest::falling, need -> 1 - falling(need)),
                sides("G5", need -> g5(need, 0.1, 0.3, 5), need -> g5(need, 0.5, 0.6, 0.2)),
                sides("G7", need -> merged(need, 0.6), need -> merged(need, 1.4)),
                sides("G8", need -> merged(need, 0.8), need -> merged(need, 1.2)),
                sides("F1", need -> rate(need, 0.1), need -> rate(need, 0.9)),
                sides("F2", LaterClaimsTest::penalty, need -> 1.3 - penalty(need)),
                sides("F3", need -> repaired(need, 0.85), need -> repaired(need, 0.55)),
                sides("F4", LaterClaimsTest::bySize, need -> 1 - bySize(need)));
    }

    private static Conclusion conclude(Claim claim, ToDoubleFunction<Specification.Need> value, String afterwards)
            throws SQLException {
        UUID study = new UUID(0, ++studies);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            MadeUpNumbers numbers = new MadeUpNumbers(connection, study);
            numbers.write(claim, UNITS, value);
            if (!afterwards.isEmpty()) {
                numbers.run(afterwards, study);
            }
            connection.commit();
        }
        List<MeasuredClaim.Measured> measured = new ArrayList<>();
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            for (Specification specification : claim.specifications()) {
                assertThat(reading.hasMeasured(specification.needs())).isTrue();
                Map<String, UnitTable> parts = new HashMap<>();
                for (Decision.Part part : claim.decision().orElseThrow().parts()) {
                    String query = specification.queries().get(part.name());
                    assertThat(query).isNotNull();
                    parts.put(part.name(), reading.units(part.name(), reading.sql(query)));
                }
                measured.add(new MeasuredClaim.Measured(specification, parts, Map.of()));
            }
        }
        return Family.conclude(List.of(new MeasuredClaim(claim, UNITS, measured)), Standing.JUDGED, 1)
                .get(0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claims")
    void made_up_numbers_decide_it_on_either_side(
            String id, ToDoubleFunction<Specification.Need> holds, ToDoubleFunction<Specification.Need> fails)
            throws SQLException {
        Claim claim = ClaimRegister.shipped().get(id);

        Conclusion reproduced = conclude(claim, holds, "");
        Conclusion contradicted = conclude(claim, fails, "");

        assertThat(reproduced.outcome()).as(reproduced.reason()).isEqualTo(Conclusion.Outcome.REPRODUCED);
        assertThat(contradicted.outcome()).as(contradicted.reason()).isEqualTo(Conclusion.Outcome.CONTRADICTED);
        assertThat(reproduced.parts()).allSatisfy(part -> assertThat(part.n()).isEqualTo(UNITS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claims")
    void a_number_that_is_none_takes_its_unit_out(
            String id, ToDoubleFunction<Specification.Need> holds, ToDoubleFunction<Specification.Need> fails)
            throws SQLException {
        Claim claim = ClaimRegister.shipped().get(id);

        Conclusion conclusion = conclude(claim, holds, """
                UPDATE ledger.metric m
                   SET value = 'NaN', status = 'nan'
                  FROM ledger.task t
                 WHERE t.id = m.task_id AND t.group_id = 0 AND t.study_id = ?
                """);

        assertThat(conclusion.parts()).allSatisfy(part -> {
            assertThat(part.n()).isEqualTo(UNITS - 1);
            assertThat(part.excluded()).isNotEmpty();
        });
    }

    @Test
    void imagenet_stays_visibly_not_run() {
        Claim claim = ClaimRegister.shipped().get("G6");

        assertThat(claim.awaits()).hasValueSatisfying(what -> assertThat(what).contains("ImageNet"));
        assertThat(claim.specifications()).isEmpty();
        assertThat(claim.decision()).isPresent();
    }
}
