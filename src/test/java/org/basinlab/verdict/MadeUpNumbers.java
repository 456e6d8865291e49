package org.basinlab.verdict;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Claim;
import org.basinlab.study.Specification;

/** Exactly the numbers that a claim needs, of networks that never were, in a study that nobody planned. */
final class MadeUpNumbers {

    private static final double NOISE = 0.004;

    private final Connection connection;
    private final UUID study;
    private final RandomGenerator random;
    private final Set<List<Object>> written = new HashSet<>();
    private long tasks;

    MadeUpNumbers(Connection connection, UUID study) throws SQLException {
        this.connection = connection;
        this.study = study;
        this.random = Seeds.generator(study.getLeastSignificantBits());
        run("""
                INSERT INTO ledger.study (id, name, seed, identity, specification, keep, state)
                VALUES (?, 'made-up', 1, md5(?::text) || md5(?::text), 'text', 'all', 'SUCCEEDED')
                """, study, study, study);
        run("INSERT INTO ledger.study_version (study_id, version, canonical, tasks) VALUES (?, 1, '{}', 1)", study);
    }

    /** The accuracy on test images of one network. */
    void accuracy(String arm, String scheme, int size, int group, String variant, double value) throws SQLException {
        number(
                new Specification.Need(
                        arm,
                        scheme,
                        size,
                        Optional.of(variant),
                        "accuracy",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("test")),
                group,
                value);
    }

    /** Those of every specification for as many units; each a little off what {@code value} says. */
    void write(Claim claim, int units, ToDoubleFunction<Specification.Need> value) throws SQLException {
        for (Specification specification : claim.specifications()) {
            for (Specification.Need need : specification.needs()) {
                int groups = units * specification.groupSize() / need.groupSize();
                for (int group = 0; group < groups; group++) {
                    number(need, group, value.applyAsDouble(need) + NOISE * (random.nextDouble() - 0.5));
                }
            }
        }
    }

    private void number(Specification.Need need, int group, double value) throws SQLException {
        String variant = need.variant().orElse("");
        if (!written.add(List.of(need.arm(), need.scheme(), need.groupSize(), group, variant, need.metric()))) {
            return;
        }
        boolean ofPath = need.metric().startsWith("barrier");
        UUID task = new UUID(study.getLeastSignificantBits(), ++tasks);
        run(
                """
                INSERT INTO ledger.task (id, study_id, version, ordinal, kind, parameters, arm, scheme, group_size, group_id,
                                         matching, variant, seed, flops, outcome, finished_at)
                VALUES (?, ?, 1, ?, ?, '{}', ?, ?, ?, ?, 'weight', ?, ?, 1, 'SUCCEEDED', now())
                """,
                task,
                study,
                (int) tasks,
                need.scheme().equals("trained") ? "train" : "merge",
                need.arm(),
                need.scheme(),
                need.groupSize(),
                group,
                ofPath ? "" : variant,
                (long) group);
        run(
                """
                INSERT INTO ledger.metric (id, task_id, metric, variant, split, images, value, status)
                VALUES ((SELECT coalesce(max(id), 0) + 1 FROM ledger.metric), ?, ?, ?, nullif(?, ''),
                        CASE WHEN ? = '' THEN NULL ELSE 10000 END, ?, 'ok')
                """,
                task,
                need.metric(),
                ofPath ? variant : "",
                need.split().orElse(""),
                need.split().orElse(""),
                value);
    }

    void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
