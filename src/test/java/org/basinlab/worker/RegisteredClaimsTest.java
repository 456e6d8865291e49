package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.ClaimReading;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.UnitTable;
import org.basinlab.recipe.Progress;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Specification;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.PlannedMetric;
import org.basinlab.workflow.PlannedMetrics;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.TaskOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plans promise and what the register asks for, held to studies that are really run. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class RegisteredClaimsTest {

    private static final String EVERYTHING = """
            study: as-planned
            seed: 1701
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [6] } }
            training:
              seeds: { from: 0, count: 2 }
              epochs: 2
              batch: 100
              subset: { fraction: 0.05 }
              optimiser: { adam: { learningRate: 0.003 } }
            arms: { few: { training: { epochs: 1 }, merge: false, evaluate: { pgd: false, deepfool: false, uniform: false } } }
            merge:
              - { scheme: hierarchical, stages: 1, permute: [second, first], sweepOrders: 2 }
              - { scheme: hierarchical, share: 0.3, stages: 1 }
              - { scheme: merge-many, groups: [2], rounds: [converged, 1] }
              - { scheme: reference, groups: [2] }
            controls: [naive-tree, equal-accuracy-early-stop, { equal-accuracy-l2: { coefficients: [0.001, 0.01], refinements: 1 } },
                       equal-accuracy-weight-noise, norm-rescaled, noise-matched, logit-ensemble]
            evaluate:
              accuracy: { train: 100, test: 100 }
              weight-norm: {}
              calibration: { images: 50 }
              lipschitz: { images: 2, samples: 2 }
              fgsm: { epsilons: [0, 0.01], space: [pixel, normalised], images: 20 }
              pgd: { linf: [0.01], l2: [0.25], steps: 2, images: 20 }
              deepfool: { l2: [0.1], linf: [0.01], images: 20 }
              gaussian: { sigmas: [0.05], draws: 2, images: 20 }
              uniform: { sizes: [0.05, 0.1], draws: 2, images: 20 }
              weight-noise: { sigmas: [0.05], draws: 2, images: 20 }
              barrier: { lambdas: 7, nodes: all, images: 50 }
              running-mean: { images: 50 }
            """;

    private static final String COMBINED = """
            study: combined-as-planned
            seed: 1703
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [6, 5] } }
            training:
              seeds: { from: 0, count: 3 }
              epochs: 1
              batch: 100
              subset: { fraction: 0.05 }
              optimiser: { adam: { learningRate: 0.003 } }
            merge:
              - { scheme: naive, groups: [2, 3] }
              - { scheme: reference, groups: [3] }
              - { scheme: merge-many, groups: [2], rounds: [1, 2] }
              - { scheme: hierarchical, stages: 1 }
            controls: &together
              - logit-ensemble
              - probability-ensemble: { groups: [3] }
              - feature-ensemble: { groups: [2, 3] }
              - feature-ensemble-mean-head: { groups: [3] }
            evaluate:
              accuracy: { train: false, test: 100 }
              calibration: { images: 50 }
              scaling: { factors: [0.5, 100], modes: [all, last], powers: true, images: 40 }
              counter-example: { lambdas: 5 }
            arms:
              linear:
                network: { mlp: { hidden: [] } }
                training: { start: { seed: 4 } }
                merge: [ { scheme: naive, groups: [3] } ]
                controls: [ { feature-ensemble: { groups: [3] } } ]
                evaluate: { patterns: { draws: 9, images: 400 }, counter-example: false }
            """;

    private static final String CLAIMS = """
            study: claims-run
            seed: 1702
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [6] } }
            training:
              seeds: { from: 0, count: 9 }
              epochs: 4
              batch: 100
              subset: { fraction: 0.05 }
              optimiser: { adam: { learningRate: 0.003 } }
            merge:
              - { scheme: hierarchical, stages: 3 }
              - { scheme: merge-many, groups: [2, 4, 8], rounds: converged, stop: [l2, identity] }
              - { scheme: naive, groups: [2, 4, 8] }
            evaluate:
              accuracy: { train: false, test: 200 }
              weight-norm: {}
              calibration: { images: 200 }
              lipschitz: { bounds: [spectral] }
              barrier: { lambdas: 3, images: 200 }
            arms:
              first:
                training: { epochs: 1 }
                merge: &pairs [ { scheme: hierarchical, stages: 1 } ]
                evaluate: &barriers { accuracy: false, weight-norm: false, calibration: false, lipschitz: false }
              second: { training: { epochs: 2 }, merge: *pairs, evaluate: *barriers }
              third: { training: { epochs: 3 }, merge: *pairs, evaluate: *barriers }
            """;

    @Inject
    LedgerFixture ledger;

    @Inject
    LocalRunner runner;

    @Inject
    Completions completions;

    @Inject
    Intake intake;

    @Inject
    DataSource database;

    private UUID run(String specification) {
        Study study = StudyFile.read(specification, "registered.yaml");
        UUID id = intake.submit(study, specification).study().id();
        UUID worker = ledger.worker();
        for (List<Lease> one = ledger.claim(worker, id, 1); !one.isEmpty(); one = ledger.claim(worker, id, 1)) {
            TaskOutcome outcome = runner.run(one.get(0), Progress.UNWATCHED);
            assertThat(outcome).isInstanceOf(TaskOutcome.Succeeded.class);
            completions.finish(one.get(0), outcome);
        }
        assertThat(ledger.state(id)).isEqualTo("SUCCEEDED");
        return id;
    }

    private List<Map<String, Object>> ask(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<Map<String, Object>> found = new ArrayList<>();
            while (rows.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.put(rows.getMetaData().getColumnLabel(i), rows.getObject(i));
                }
                found.add(row);
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(e.getMessage() + "\n" + sql, e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EVERYTHING, COMBINED})
    void a_plan_names_every_number_that_its_study_gives_and_no_other(String specification) {
        Study study = StudyFile.read(specification, "as-planned.yaml");

        UUID id = run(specification);

        List<String> measured = ask("""
                        SELECT DISTINCT concat_ws(' | ', arm, scheme, group_size, variant, metric, space, trim_scale(at),
                                                  split, images) AS line
                          FROM results.metrics
                         WHERE study_id = '%s'
                           AND NOT (metric = 'running-mean-loss' AND at > 1)
                        """.formatted(id)).stream()
                .map(row -> (String) row.get("line"))
                .toList();
        assertThat(PlannedMetrics.of(study, Planner.plan(study)).stream().map(RegisteredClaimsTest::line))
                .containsExactlyInAnyOrderElementsOf(measured);
    }

    @Test
    void the_counter_example_is_of_no_network_and_a_power_for_all_changes_no_answer() {
        UUID id = run(COMBINED.replace("combined-as-planned", "combined").replace("1703", "1704"));

        List<Map<String, Object>> exact = ask("""
                SELECT value, network_id IS NULL AS free
                  FROM results.metrics
                 WHERE study_id = '%s' AND metric = 'barrier-accuracy' AND variant = 'best'
                """.formatted(id));
        List<Map<String, Object>> powers = ask("""
                SELECT scheme, count(DISTINCT value) AS values
                  FROM results.metrics
                 WHERE study_id = '%s' AND metric = 'scaled-accuracy' AND variant LIKE '%%all-powers'
                   AND arm = 'main' AND group_id = 0 AND group_size IN (1, 3)
                 GROUP BY scheme
                """.formatted(id));

        assertThat(exact).hasSize(1);
        assertThat((Double) exact.get(0).get("value")).isGreaterThan(0.1);
        assertThat(exact.get(0).get("free")).isEqualTo(true);
        assertThat(powers).extracting(row -> row.get("scheme")).contains("trained", "naive", "reference");
        assertThat(powers)
                .filteredOn(row -> !String.valueOf(row.get("scheme")).startsWith("feature-ensemble"))
                .allSatisfy(row -> assertThat(row.get("values")).isEqualTo(1L));
    }

    private static String line(PlannedMetric metric) {
        List<String> parts = new ArrayList<>(List.of(
                metric.arm(),
                metric.scheme(),
                Integer.toString(metric.groupSize()),
                metric.variant(),
                metric.metric()));
        metric.space().ifPresent(parts::add);
        metric.at().map(BigDecimal::toPlainString).ifPresent(parts::add);
        metric.split().ifPresent(parts::add);
        metric.images().ifPresent(images -> parts.add(Integer.toString(images)));
        return String.join(" | ", parts);
    }

    /** Numbers of one study by their place; what the queries find is computed again from them. */
    private record Numbers(Map<String, Double> byPlace) {
        double get(String arm, String scheme, int size, int group, String variant, String metric) {
            return byPlace.get(String.join(" ", arm, scheme, size + "", group + "", variant, metric));
        }
    }

    private Numbers numbers(UUID study) {
        Map<String, Double> numbers = new HashMap<>();
        ask("""
                SELECT concat_ws(' ', arm, scheme, group_size, group_id, variant, metric) AS place, value
                  FROM results.metrics
                 WHERE study_id = '%s' AND at IS NULL AND split IS DISTINCT FROM 'train'
                """.formatted(study)).forEach(row -> numbers.put((String) row.get("place"), (Double) row.get("value")));
        return new Numbers(numbers);
    }

    private static Specification specification(String claim, String name) {
        return ClaimRegister.shipped().get(claim).specifications().stream()
                .filter(specification -> specification.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Values by unit; every unit must count. */
    private Map<String, Double> units(UUID study, String query) {
        Map<String, Double> units = new LinkedHashMap<>();
        for (Map<String, Object> row : ask(query.replace("{study}", "'" + study + "'"))) {
            assertThat(row.get("status")).isEqualTo("ok");
            assertThat(units.put((String) row.get("unit"), (Double) row.get("value")))
                    .isNull();
        }
        return units;
    }

    private static Map<String, Double> expected(String unit, int count, IntToDoubleFunction value) {
        Map<String, Double> expected = new LinkedHashMap<>();
        IntStream.range(0, count).forEach(group -> expected.put(unit + group, value.applyAsDouble(group)));
        return expected;
    }

    private static void assertSame(Map<String, Double> found, Map<String, Double> expected) {
        assertThat(found).containsOnlyKeys(expected.keySet());
        expected.forEach((unit, value) -> assertThat(found.get(unit)).as(unit).isCloseTo(value, within(1e-9)));
    }

    /** Of evenly spaced points, times the number of steps. */
    private static double change(double... values) {
        double mean = (values.length - 1) / 2.0;
        double products = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            products += (i - mean) * values[i];
            squares += (i - mean) * (i - mean);
        }
        return products / squares * (values.length - 1);
    }

    @Test
    void queries_of_the_register_give_the_numbers_that_their_estimands_say() {
        UUID study = run(CLAIMS);

        Numbers numbers = numbers(study);
        barriers(study, numbers);
        groups(study, numbers);
        assertThat(units(study)).hasSizeGreaterThan(50).allMatch(Unit::isKnown);
    }

    /** @param isKnown whether it is a group of networks of the study, as the judge asks of units that count */
    private record Unit(String claim, String specification, String name, boolean isKnown) {}

    /** Of everything in the register that the study measures. */
    private List<Unit> units(UUID study) {
        List<Unit> units = new ArrayList<>();
        try (ClaimReading reading = ClaimReading.open(database, study)) {
            Set<String> groups = reading.leaves().keySet();
            ClaimRegister.shipped()
                    .list()
                    .forEach(claim -> claim.specifications().stream()
                            .filter(specification -> reading.hasMeasured(specification.needs()))
                            .forEach(specification -> specification
                                    .queries()
                                    .values()
                                    .forEach(query -> reading.units(claim.id(), reading.sql(query)).units().stream()
                                            .filter(UnitTable.Unit::isOk)
                                            .map(unit -> unit(claim.id(), specification, unit.name(), groups))
                                            .forEach(units::add))));
        }
        return units;
    }

    private static Unit unit(String claim, Specification specification, String name, Set<String> groups) {
        String group =
                name.contains("/") ? name : "%s/%d/%s".formatted(specification.arm(), specification.groupSize(), name);
        return new Unit(claim, specification.name(), name, groups.contains(group));
    }

    private void barriers(UUID study, Numbers numbers) {
        String tree = "hierarchical";
        assertSame(
                units(study, specification("G1", "primary").queries().get("loss")),
                expected(
                        "main/2/",
                        4,
                        pair -> numbers.get("main", tree, 2, pair, "naive", "barrier-loss")
                                - numbers.get("main", tree, 2, pair, "permuted", "barrier-loss")));
        assertSame(
                units(
                        study,
                        specification("G4", "chord")
                                .queries()
                                .get("loss")
                                .replace("epochs=10", "third")
                                .replace("epochs=1", "first")
                                .replace("epochs=5", "second")),
                expected(
                        "main/2/",
                        4,
                        pair -> change(numbers.byPlace().entrySet().stream()
                                .filter(entry -> entry.getKey().endsWith(" 2 " + pair + " permuted-chord barrier-loss"))
                                .sorted(Map.Entry.comparingByKey(
                                        Comparator.comparing(place -> List.of("first", "second", "third", "main")
                                                .indexOf(place.substring(0, place.indexOf(' '))))))
                                .mapToDouble(Map.Entry::getValue)
                                .toArray())));
        assertSame(
                units(
                        study,
                        specification("F2", "primary")
                                .queries()
                                .get("loss")
                                .replace("l2=0.0001", "first")
                                .replace("l2=0.001", "second")
                                .replace("l2=0.01", "third")),
                expected(
                        "main/2/",
                        4,
                        pair -> change(
                                numbers.get("main", tree, 2, pair, "permuted", "barrier-loss"),
                                numbers.get("first", tree, 2, pair, "permuted", "barrier-loss"),
                                numbers.get("second", tree, 2, pair, "permuted", "barrier-loss"),
                                numbers.get("third", tree, 2, pair, "permuted", "barrier-loss"))));
        assertSame(
                units(
                        study,
                        specification("F1", "primary")
                                .queries()
                                .get("adam")
                                .replace("adam-high", "first")
                                .replace("adam-low", "second")),
                expected(
                        "",
                        4,
                        pair -> numbers.get("first", tree, 2, pair, "permuted", "barrier-loss")
                                - numbers.get("second", tree, 2, pair, "permuted", "barrier-loss")));
    }

    private void groups(UUID study, Numbers numbers) {
        String identity = "rounds=converged,stop=identity";
        for (String part : List.of("calibration", "loss")) {
            String metric = part.equals("loss") ? "loss" : "ece";
            assertSame(
                    units(study, specification("G8", "four").queries().get(part)),
                    expected(
                            "main/4/",
                            2,
                            group -> numbers.get("main", "merge-many", 4, group, "rounds=converged,stop=l2", metric)
                                    - IntStream.range(4 * group, 4 * group + 4)
                                            .mapToDouble(leaf -> numbers.get("main", "trained", 1, leaf, "", metric))
                                            .average()
                                            .orElseThrow()));
        }
        for (String metric : List.of("weight-norm", "lipschitz-spectral")) {
            assertSame(
                    units(
                            study,
                            specification("R5", "primary")
                                    .queries()
                                    .get(metric.equals("weight-norm") ? "norm" : "lipschitz")),
                    expected(
                            "main/8/",
                            1,
                            block -> change(
                                    logMean(numbers, "trained", 1, metric),
                                    logMean(numbers, "naive", 2, metric),
                                    logMean(numbers, "naive", 4, metric),
                                    logMean(numbers, "naive", 8, metric))));
        }
        Specification f4 = specification("F4", "primary");
        Map<String, Double> accuracy = expected(
                "main/8/",
                1,
                block -> numbers.get("main", "merge-many", 8, 0, identity, "accuracy")
                        - IntStream.range(0, 4)
                                .mapToDouble(pair -> numbers.get("main", "merge-many", 2, pair, identity, "accuracy"))
                                .average()
                                .orElseThrow());
        assertSame(units(study, f4.queries().get("accuracy")), accuracy);
        assertSame(
                units(
                        study,
                        "SELECT unit, sum(sign * weight * bit_count(correct) / images)::double precision AS value, 'ok' AS status"
                                + " FROM (" + f4.images().get("accuracy") + ") AS term GROUP BY unit"),
                accuracy);
    }

    private static double logMean(Numbers numbers, String scheme, int size, String metric) {
        return IntStream.range(0, 8 / size)
                .mapToDouble(group -> Math.log(numbers.get("main", scheme, size, group, "", metric)))
                .average()
                .orElseThrow();
    }
}
