package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.basinlab.embedded.EmbeddedPostgres;
import org.basinlab.study.Arm;
import org.basinlab.study.Claim;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Decision;
import org.basinlab.study.Specification;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queries of H1 to H18 over a study of the verdict study's shape, in a real PostgreSQL. */
class HypothesesTest {

    private static final String PAPER = "arXiv:2510.09174";
    private static final MadeUpStudy STUDY = new MadeUpStudy();

    /** Claims that look at the accuracy image by image, and at no number of it. */
    private static final Set<String> BY_IMAGE = Set.of("H8", "H14", "H17", "H18");

    @TempDir
    private static Path home;

    private static EmbeddedPostgres postgres;
    private static Connection connection;

    /** One row of a query. */
    private record Unit(double value, double other, String status) {}

    @BeforeAll
    static void fill() throws SQLException {
        postgres = EmbeddedPostgres.open(home, message -> {});
        Flyway.configure()
                .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                .locations("filesystem:migrations")
                .load()
                .migrate();
        connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
        connection.setAutoCommit(false);
        STUDY.write(connection);
        connection.commit();
        update("ANALYZE");
        connection.commit();
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
        postgres.close();
    }

    static List<Claim> claims() {
        return ClaimRegister.shipped().list().stream()
                .filter(claim -> claim.paper().id().equals(PAPER))
                .filter(claim -> claim.awaits().isEmpty())
                .toList();
    }

    private static Map<String, Unit> units(Specification specification, Decision.Part part) throws SQLException {
        Map<String, Unit> units = new TreeMap<>();
        String sql = specification.queries().get(part.name()).replace("{study}", MadeUpStudy.literal());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                double other = part.type() == Decision.Type.VARIANCE ? rows.getDouble("other") : 0;
                Unit unit = new Unit(rows.getDouble("value"), other, rows.getString("status"));
                assertThat(units.put(rows.getString("unit"), unit))
                        .as("a second row of a unit")
                        .isNull();
            }
        }
        return units;
    }

    private static List<String> planned(Claim claim, Specification specification) {
        int networks = STUDY.study().arms().stream()
                .filter(arm -> arm.name().equals(specification.arm()))
                .mapToInt(arm -> arm.seeds().count())
                .findFirst()
                .orElseThrow();
        return IntStream.range(0, networks / specification.groupSize())
                .mapToObj(group -> claim.id().equals("H9")
                        ? Integer.toString(group)
                        : "%s/%d/%d".formatted(specification.arm(), specification.groupSize(), group))
                .toList();
    }

    private static int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    @Test
    void the_paper_has_eighteen_claims_that_can_be_decided_and_one_that_awaits_repair() {
        assertThat(claims())
                .extracting(Claim::id)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 18)
                        .mapToObj(number -> "H" + number)
                        .toList());
        assertThat(ClaimRegister.shipped().get("H14b").awaits()).isPresent();
        assertThat(claims())
                .filteredOn(Claim::pilot)
                .extracting(Claim::id)
                .containsExactly("H1", "H2", "H4", "H6", "H7", "H10", "H12");
    }

    @ParameterizedTest
    @MethodSource("claims")
    void every_specification_gives_one_unit_for_every_planned_group(Claim claim) throws SQLException {
        for (Specification specification : claim.specifications()) {
            for (Decision.Part part : claim.decision().orElseThrow().parts()) {
                Map<String, Unit> units = units(specification, part);

                assertThat(units.keySet())
                        .as("%s %s %s", claim.id(), specification.name(), part.name())
                        .containsExactlyInAnyOrderElementsOf(planned(claim, specification));
                assertThat(units.values()).allSatisfy(unit -> {
                    assertThat(unit.status()).isEqualTo("ok");
                    assertThat(unit.value()).isFinite();
                    assertThat(unit.other()).isFinite();
                });
            }
        }
    }

    @ParameterizedTest
    @MethodSource("claims")
    void primary_specifications_give_what_is_counted_by_hand(Claim claim) throws SQLException {
        ByHand hand = new ByHand(STUDY);
        for (Decision.Part part : claim.decision().orElseThrow().parts()) {
            Map<String, double[]> expected = hand.of(claim.id(), part.name());

            Map<String, Unit> units = units(claim.primary().orElseThrow(), part);

            assertThat(units.keySet()).isEqualTo(expected.keySet());
            expected.forEach((name, values) -> {
                assertThat(units.get(name).value()).as(part.name() + " " + name).isCloseTo(values[0], within(1e-12));
                if (values.length > 1) {
                    assertThat(units.get(name).other()).isCloseTo(values[1], within(1e-12));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("claims")
    void images_behind_a_unit_give_its_value(Claim claim) throws SQLException {
        Specification primary = claim.primary().orElseThrow();
        for (Decision.Part part : claim.decision().orElseThrow().parts()) {
            if (!primary.images().containsKey(part.name())) {
                assertThat(claim.id()).isIn("H5", "H9", "H10", "H11", "H12", "H15", "H16");
                continue;
            }
            Map<String, Unit> units = units(primary, part);

            Map<String, double[]> sums = images(primary.images().get(part.name()));

            units.forEach((name, unit) -> {
                assertThat(sums.get(name)[0]).as(part.name() + " " + name).isCloseTo(unit.value(), within(1e-9));
                assertThat(sums.get(name)[1]).isCloseTo(unit.other(), within(1e-9));
            });
        }
    }

    /** By unit, both values, by the formula of {@code ledger.ImageTerm}. */
    private static Map<String, double[]> images(String template) throws SQLException {
        Map<String, Map<List<Object>, Double>> terms = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(template.replace("{study}", MadeUpStudy.literal()))) {
            while (rows.next()) {
                assertThat(rows.getString("correct")).hasSize(rows.getInt("images"));
                List<Object> term = List.of(
                        rows.getBoolean("other"),
                        rows.getInt("term"),
                        rows.getBoolean("absolute"),
                        rows.getDouble("sign"));
                terms.computeIfAbsent(rows.getString("unit"), unit -> new java.util.HashMap<>())
                        .merge(term, rows.getDouble("weight") * share(rows), Double::sum);
            }
        }
        Map<String, double[]> sums = new TreeMap<>();
        terms.forEach((unit, byTerm) -> byTerm.forEach((term, sum) -> {
            boolean absolute = (boolean) term.get(2);
            sums.computeIfAbsent(unit, name -> new double[2])[(boolean) term.get(0) ? 1 : 0] +=
                    (double) term.get(3) * (absolute ? Math.abs(sum) : sum);
        }));
        return sums;
    }

    private static double share(ResultSet row) throws SQLException {
        String correct = row.getString("correct");
        double right = correct.chars().filter(bit -> bit == '1').count();
        if (row.getArray("distances") != null) {
            Float[] distances = (Float[]) row.getArray("distances").getArray();
            double[] kept = IntStream.range(0, distances.length)
                    .filter(i -> correct.charAt(i) == '1')
                    .mapToDouble(i -> distances[i])
                    .sorted()
                    .toArray();
            return Math.log((kept[kept.length / 2] + kept[(kept.length - 1) / 2]) / 2);
        }
        String of = row.getString("of");
        return right / (of == null ? correct.length() : of.chars().filter(bit -> bit == '1').count());
    }

    private static Stream<MadeUpStudy.Name> needed(Claim claim) {
        return claim.primary().orElseThrow().needs().stream().map(need -> STUDY.numbers().keySet().stream()
                .filter(name -> name.arm().equals(need.arm())
                        && name.scheme().equals(need.scheme())
                        && name.size() == need.groupSize()
                        && name.group() == new ByHand(STUDY).first(need.arm())
                        && name.metric().equals(need.metric())
                        && name.variant().equals(need.variant().orElse(""))
                        && name.space().equals(need.space().orElse(name.space()))
                        && name.at().equals(need.at().orElse(name.at()))
                        && name.split().equals(need.split().orElse(name.split())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(claim.id() + " has no number for " + need)));
    }

    /** What each part of the primary specification says. */
    private static Map<String, Map<String, Unit>> parts(Claim claim) throws SQLException {
        Map<String, Map<String, Unit>> parts = new TreeMap<>();
        for (Decision.Part part : claim.decision().orElseThrow().parts()) {
            parts.put(part.name(), units(claim.primary().orElseThrow(), part));
        }
        return parts;
    }

    /** Units that differ, as part/unit with the status that they have now, {@code failed} for none. */
    private static Set<String> changed(Map<String, Map<String, Unit>> before, Map<String, Map<String, Unit>> after) {
        Set<String> changed = new TreeSet<>();
        before.forEach((part, units) -> units.forEach((name, unit) -> {
            Unit now = after.get(part).get(name);
            if (!unit.equals(now)) {
                changed.add(name + " " + (now == null ? "failed" : now.status()));
            }
        }));
        return changed;
    }

    @ParameterizedTest
    @MethodSource("claims")
    void a_number_that_is_none_takes_its_unit_out_and_no_other(Claim claim) throws SQLException {
        Map<String, Map<String, Unit>> before = parts(claim);
        for (MadeUpStudy.Name name : needed(claim).toList()) {
            if (BY_IMAGE.contains(claim.id()) && name.metric().equals("accuracy")) {
                continue;
            }
            for (String status : List.of("nan", "check-failed")) {
                int rows = update(
                        """
                        UPDATE ledger.metric
                           SET status = ?, value = CASE ? WHEN 'nan' THEN 'NaN' ELSE value + 1 END
                         WHERE task_id = ? AND metric = ? AND variant = ? AND coalesce(space, '') = ?
                           AND at IS NOT DISTINCT FROM ?
                        """,
                        status,
                        status,
                        STUDY.numbers().get(name).task(),
                        name.metric(),
                        STUDY.numbers().get(name).own(),
                        name.space(),
                        name.at().isEmpty() ? null : new BigDecimal(name.at()));

                Set<String> changed = changed(before, parts(claim));

                assertThat(rows).isEqualTo(1);
                assertThat(changed).as("%s, %s", claim.id(), name).hasSize(1).allMatch(unit -> unit.endsWith(" " + status));
                connection.rollback();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("claims")
    void a_task_that_failed_takes_its_unit_out_and_no_other(Claim claim) throws SQLException {
        Map<String, Map<String, Unit>> before = parts(claim);
        for (MadeUpStudy.Name name : needed(claim).toList()) {
            update("DELETE FROM ledger.metric WHERE task_id = ?", STUDY.numbers().get(name).task());
            update("DELETE FROM ledger.outcome WHERE task_id = ?", STUDY.numbers().get(name).task());

            Set<String> changed = changed(before, parts(claim));

            assertThat(changed).as("%s, %s", claim.id(), name).hasSize(1).allMatch(unit -> unit.endsWith(" failed"));
            connection.rollback();
        }
    }

    @Test
    void a_control_off_by_more_than_half_a_point_is_no_equal() throws SQLException {
        Claim claim = ClaimRegister.shipped().get("H14");
        String set = """
                UPDATE ledger.metric SET value = %s
                 WHERE metric = 'control-accuracy-difference'
                   AND task_id IN (SELECT id FROM ledger.task
                                    WHERE scheme = 'equal-accuracy-l2' AND group_size = 8 AND group_id = 1)
                """;
        Map<String, Map<String, Unit>> before = parts(claim);

        // Differences of counts: 0.5 percentage points and a last bit.
        update(set.formatted("0.4133 - 0.4083"));
        Set<String> near = changed(before, parts(claim));
        update(set.formatted("-0.0051"));
        Map<String, Map<String, Unit>> far = parts(claim);
        connection.rollback();

        assertThat(near).isEmpty();
        assertThat(changed(before, far)).containsExactly("main/8/1 unequal-accuracy");
        assertThat(far.entrySet())
                .filteredOn(entry -> entry.getValue().get("main/8/1").status().equals("unequal-accuracy"))
                .extracting(Map.Entry::getKey)
                .hasSize(6)
                .allMatch(part -> part.contains("-l2-"));
    }

    @Test
    void no_common_image_is_no_distance() throws SQLException {
        Claim claim = ClaimRegister.shipped().get("H8");
        update("""
                UPDATE ledger.outcome SET correct = CAST(repeat('0', images) AS bit varying)
                 WHERE metric = 'accuracy' AND task_id IN (
                       SELECT id FROM ledger.task
                        WHERE arm = 'main' AND scheme = 'trained' AND group_id = 3 AND kind = 'evaluate')
                """);

        Map<String, Map<String, Unit>> parts = parts(claim);
        connection.rollback();

        assertThat(parts.values()).allSatisfy(units -> {
            assertThat(units.get("main/8/0").status()).isEqualTo("no-distance");
            assertThat(units.get("main/8/1").status()).isEqualTo("ok");
        });
    }

    @Test
    void the_same_bits_come_out_however_the_query_is_planned() throws SQLException {
        List<Map<String, Map<String, Unit>>> results = new ArrayList<>();
        for (String setting : List.of(
                "enable_hashjoin = on",
                "enable_hashjoin = off; SET LOCAL enable_hashagg = off",
                "enable_nestloop = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")) {
            update("SET LOCAL " + setting);
            Map<String, Map<String, Unit>> all = new TreeMap<>();
            for (Claim claim : claims()) {
                parts(claim).forEach((part, units) -> all.put(claim.id() + " " + part, units));
            }
            results.add(all);
            connection.rollback();
        }

        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(results.get(2)).isEqualTo(results.get(0));
    }

    @Test
    void arms_of_specifications_are_arms_of_the_study() {
        Set<String> arms = STUDY.study().arms().stream().map(Arm::name).collect(Collectors.toSet());

        assertThat(claims())
                .flatExtracting(Claim::specifications)
                .extracting(Specification::arm)
                .allMatch(arms::contains);
    }
}
