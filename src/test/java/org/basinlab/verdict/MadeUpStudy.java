package org.basinlab.verdict;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Placement;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.PlannedMetric;
import org.basinlab.workflow.PlannedNumbers;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.Planner;

/**
 * The verdict study with fewer networks and numbers that are made up: 18 in the main population, which are two trees and two
 * networks that fill none, one tree in each specification's, and three in each of the regularised ones. Bits and distances
 * stand behind what has outcomes, of fewer images than the study's.
 */
final class MadeUpStudy {

    static final int DRAWS = 5;
    private static final UUID ID = new UUID(0, 25100917);
    private static final String DIGEST = "cd".repeat(32);

    private final Study study = read();
    private final Plan plan = Planner.plan(study);
    private final Map<Name, Number> numbers = new HashMap<>();
    private final Map<Integer, UUID> tasks = new HashMap<>();
    private final RandomGenerator random = Seeds.generator(25100917);

    /**
     * Where a number stands; spaces, points and splits that it has not are empty.
     *
     * @param variant that of the scheme, then that of the metric
     */
    record Name(
            String arm,
            String scheme,
            int size,
            int group,
            String variant,
            String metric,
            String space,
            String at,
            String split) {}

    /**
     * @param correct by draw, where images were counted
     * @param own the metric's variant, without the scheme's
     */
    @SuppressWarnings("ArrayRecordComponent") // of this test alone
    record Number(UUID task, String own, double value, boolean[][] correct, float[] distances) {}

    Study study() {
        return study;
    }

    Plan plan() {
        return plan;
    }

    Map<Name, Number> numbers() {
        return numbers;
    }

    static String literal() {
        return "'%s'".formatted(ID);
    }

    private static Study read() {
        String name = "hierarchical-rebasin-verdict.yaml";
        try (InputStream stream = MadeUpStudy.class.getResourceAsStream("/studies/" + name)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return StudyFile.read(
                    text.replace("count: 96", "count: 18")
                            .replace("count: 24", "count: 8")
                            .replace("count: 12", "count: 3"),
                    name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes study, tasks and numbers into an empty store. */
    void write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO ledger.study (id, name, seed, identity, specification, keep, state)
                    VALUES (%1$s, 'made-up', 1, repeat('ab', 32), 'text', 'all', 'SUCCEEDED');
                    INSERT INTO ledger.study_version (study_id, version, canonical, tasks) VALUES (%1$s, 1, '{}', 1);
                    INSERT INTO ledger.dataset (digest, name, official, train_images, test_images)
                    VALUES ('%2$s', 'cifar10', true, 50000, 10000);
                    """.formatted(literal(), DIGEST));
        }
        writeTasks(connection);
        for (PlannedTask task : plan.tasks()) {
            for (PlannedMetric metric : PlannedNumbers.of(study, task)) {
                makeUp(task, metric);
            }
        }
        writeMetrics(connection);
        writeOutcomes(connection);
    }

    private void writeTasks(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.task (id, study_id, version, ordinal, kind, parameters, arm, scheme, stage, group_size,
                                         group_id, matching, variant, seed, flops, outcome, finished_at)
                VALUES (?, ?, 1, ?, ?, '{}', ?, ?, ?, ?, ?, ?, ?, ?, 1, 'SUCCEEDED', now())
                """)) {
            for (PlannedTask task : plan.tasks()) {
                Placement at = task.placement();
                UUID id = new UUID(1, task.ordinal());
                tasks.put(task.ordinal(), id);
                insert.setObject(1, id);
                insert.setObject(2, ID);
                insert.setInt(3, task.ordinal());
                insert.setString(4, task.spec().kind().label());
                insert.setString(5, at.arm());
                insert.setString(6, at.scheme());
                insert.setObject(7, at.stage().isPresent() ? at.stage().getAsInt() : null, Types.INTEGER);
                insert.setInt(8, at.groupSize());
                insert.setInt(9, at.groupId());
                insert.setString(10, at.matching());
                insert.setString(11, at.variant());
                insert.setObject(12, at.seed().isPresent() ? at.seed().getAsLong() : null, Types.BIGINT);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void makeUp(PlannedTask task, PlannedMetric metric) {
        Placement at = task.placement();
        Name name = new Name(
                at.arm(),
                at.scheme(),
                at.groupSize(),
                at.groupId(),
                metric.variant(),
                metric.metric(),
                metric.space().orElse(""),
                metric.at().map(BigDecimal::toPlainString).orElse(""),
                metric.split().orElse(""));
        String own = metric.variant().substring(at.variant().length()).replaceFirst("^,", "");
        boolean[][] correct = new boolean[0][];
        float[] distances = new float[0];
        double value = 1 + random.nextDouble();
        int images = images(metric.metric());
        if (metric.metric().matches("(accuracy|fgsm-accuracy|pgd-.*-accuracy|deepfool-.*-accuracy)")) {
            correct = bits(1, images);
            value = share(correct);
        } else if (metric.metric().matches("(gaussian|uniform|weight-noise)-accuracy")) {
            correct = bits(DRAWS, images);
            value = share(correct);
        } else if (metric.metric().matches("deepfool-.*-mean")) {
            distances = distances(images);
        } else if (metric.metric().equals("control-accuracy-difference")) {
            value = (random.nextDouble() - 0.5) / 125;
        }
        numbers.put(name, new Number(tasks.get(task.ordinal()), own, value, correct, distances));
    }

    private static int images(String metric) {
        if (metric.startsWith("fgsm") || metric.startsWith("gaussian") || metric.startsWith("uniform")) {
            return 30;
        }
        return metric.startsWith("deepfool") || metric.startsWith("pgd") ? 20 : 40;
    }

    /** The first half of the images is easy, so that all networks of a tree have some of them in common. */
    private boolean[][] bits(int draws, int images) {
        boolean[][] bits = new boolean[draws][images];
        for (boolean[] draw : bits) {
            for (int i = 0; i < images; i++) {
                draw[i] = random.nextDouble() < (i < images / 2 ? 0.97 : 0.5);
            }
        }
        return bits;
    }

    static double share(boolean[][] correct) {
        double sum = 0;
        int all = 0;
        for (boolean[] draw : correct) {
            for (boolean right : draw) {
                sum += right ? 1 : 0;
                all++;
            }
        }
        return sum / all;
    }

    private float[] distances(int images) {
        float[] distances = new float[images];
        for (int i = 0; i < images; i++) {
            distances[i] = 0.05f + random.nextFloat();
        }
        distances[images - 1] = Float.NaN;
        return distances;
    }

    private void writeMetrics(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.metric (id, task_id, metric, variant, space, at, split, images, value, status)
                VALUES (?, ?, ?, ?, nullif(?, ''), CAST(nullif(?, '') AS numeric), nullif(?, ''), ?, ?, 'ok')
                """)) {
            long id = 0;
            for (Map.Entry<Name, Number> entry : numbers.entrySet()) {
                Name name = entry.getKey();
                insert.setLong(1, ++id);
                place(insert, 2, name, entry.getValue(), entry.getValue().own());
                boolean counted = !name.split().isEmpty();
                insert.setObject(8, counted ? images(name.metric()) : null, Types.INTEGER);
                insert.setDouble(9, entry.getValue().value());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void writeOutcomes(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO ledger.outcome (task_id, metric, variant, space, at, split, images, correct, distances)
                VALUES (?, ?, ?, nullif(?, ''), CAST(nullif(?, '') AS numeric), nullif(?, ''), ?,
                        CAST(? AS bit varying), CAST(? AS real[]))
                """)) {
            for (Map.Entry<Name, Number> entry : numbers.entrySet()) {
                Number number = entry.getValue();
                boolean[][] correct = number.correct();
                for (int draw = 0; draw < correct.length; draw++) {
                    outcome(
                            insert,
                            entry,
                            correct.length > 1 ? "draw-" + (draw + 1) : number.own(),
                            correct[draw].length,
                            Optional.of(text(correct[draw])));
                }
                if (number.distances().length > 0) {
                    outcome(insert, entry, number.own(), number.distances().length, Optional.empty());
                }
            }
            insert.executeBatch();
        }
    }

    private static void outcome(
            PreparedStatement insert, Map.Entry<Name, Number> entry, String variant, int images, Optional<String> bits)
            throws SQLException {
        place(insert, 1, entry.getKey(), entry.getValue(), variant);
        insert.setInt(7, images);
        insert.setString(8, bits.orElse(null));
        StringBuilder distances = new StringBuilder("{");
        for (float distance : entry.getValue().distances()) {
            distances.append(distances.length() > 1 ? "," : "").append(distance);
        }
        insert.setString(9, bits.isPresent() ? null : distances.append('}').toString());
        insert.addBatch();
    }

    private static void place(PreparedStatement insert, int from, Name name, Number number, String variant)
            throws SQLException {
        insert.setObject(from, number.task());
        insert.setString(from + 1, name.metric());
        insert.setString(from + 2, variant);
        insert.setString(from + 3, name.space());
        insert.setString(from + 4, name.at());
        insert.setString(from + 5, name.split());
    }

    private static String text(boolean[] bits) {
        StringBuilder text = new StringBuilder();
        for (boolean bit : bits) {
            text.append(bit ? '1' : '0');
        }
        return text.toString();
    }
}
