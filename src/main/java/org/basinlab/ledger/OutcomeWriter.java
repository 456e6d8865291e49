package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.SanityCheck;

/** Writes what stands behind the measurements of one task, image by image, and the checks of its attacks. */
@ApplicationScoped
class OutcomeWriter {

    /** A row of 10,000 images travels as 10 kB of text. */
    private static final int ROWS_A_STATEMENT = 200;

    private static final String OUTCOMES = """
            INSERT INTO ledger.outcome (task_id, network_id, metric, variant, space, at, split, images, correct, distances)
            SELECT ?, CAST(? AS uuid), metric, variant, space, at, split, images,
                   CAST(correct AS bit varying), CAST(distances AS real[])
              FROM UNNEST(?::text[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::int[], ?::text[], ?::text[])
                AS o (metric, variant, space, at, split, images, correct, distances)
            """;

    private static final String CHECKS = """
            INSERT INTO ledger.sanity_check (task_id, metric, space, check_name, measured, bound, passed)
            SELECT ?, c.*
              FROM UNNEST(?::text[], ?::text[], ?::text[], ?::float8[], ?::float8[], ?::boolean[]) AS c
            """;

    private final DataSource database;

    OutcomeWriter(DataSource database) {
        this.database = database;
    }

    /**
     * Part of the caller's transaction; task and network must stand in the store by now.
     *
     * @param network that was measured; empty for several that were measured as one
     */
    void write(UUID task, Optional<UUID> network, List<ImageOutcome> outcomes, List<SanityCheck> checks) {
        if (outcomes.isEmpty() && checks.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            for (int from = 0; from < outcomes.size(); from += ROWS_A_STATEMENT) {
                write(
                        connection,
                        task,
                        network,
                        outcomes.subList(from, Math.min(outcomes.size(), from + ROWS_A_STATEMENT)));
            }
            if (!checks.isEmpty()) {
                write(connection, task, checks);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot write %d outcomes and %d checks of task %s: %s"
                            .formatted(outcomes.size(), checks.size(), task, e.getMessage()),
                    e);
        }
    }

    private static void write(Connection connection, UUID task, Optional<UUID> network, List<ImageOutcome> outcomes)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(OUTCOMES)) {
            insert.setObject(1, task);
            insert.setObject(2, network.orElse(null), Types.OTHER);
            Columns<ImageOutcome> columns = new Columns<>(connection, insert, 3, outcomes);
            columns.add("text", ImageOutcome::metric);
            columns.add("text", ImageOutcome::variant);
            columns.add("text", one -> one.space().orElse(null));
            columns.add("numeric", one -> one.at().orElse(null));
            columns.add("text", one -> one.split().label());
            columns.add("int4", ImageOutcome::images);
            columns.add("text", one -> one.correct()
                    .map(correct -> bits(correct, one.images()))
                    .orElse(null));
            columns.add("text", one -> one.distances().map(OutcomeWriter::array).orElse(null));
            insert.executeUpdate();
        }
    }

    private static void write(Connection connection, UUID task, List<SanityCheck> checks) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(CHECKS)) {
            insert.setObject(1, task);
            Columns<SanityCheck> columns = new Columns<>(connection, insert, 2, checks);
            columns.add("text", SanityCheck::metric);
            columns.add("text", one -> one.space().orElse(null));
            columns.add("text", SanityCheck::check);
            columns.add("float8", SanityCheck::measured);
            columns.add("float8", SanityCheck::limit);
            columns.add("bool", SanityCheck::passed);
            insert.executeUpdate();
        }
    }

    /** {@code 0110…}: PostgreSQL's text of a bit string, the first image leftmost. */
    private static String bits(BitSet correct, int images) {
        if (correct.length() > images) {
            throw new IllegalStateException("an outcome of %d images must not have a bit for image %d"
                    .formatted(images, correct.length() - 1));
        }
        char[] bits = new char[images];
        Arrays.fill(bits, '0');
        correct.stream().forEach(image -> bits[image] = '1');
        return new String(bits);
    }

    /** <code>{0.25,NaN}</code>: PostgreSQL's text of an array; a float's shortest text gives the very float back. */
    private static String array(float[] distances) {
        StringBuilder text = new StringBuilder(12 * distances.length).append('{');
        for (int i = 0; i < distances.length; i++) {
            text.append(i == 0 ? "" : ",").append(distances[i]);
        }
        return text.append('}').toString();
    }
}
