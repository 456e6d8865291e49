package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;
import org.jspecify.annotations.Nullable;

/** Writes what was measured about a network in few statements, some thousand numbers each. */
@ApplicationScoped
class MetricWriter {

    private static final int ROWS_A_STATEMENT = 5_000;

    /** The sequence counts by fifty, from when programs drew that many at a time; n − 1 is of the fifty that were drawn by n. */
    private static final String INSERT = """
            INSERT INTO ledger.metric (id, task_id, network_id, metric, variant, space, at, split, images, value, status)
            SELECT nextval('ledger.metric_id') - 1, ?, ?, m.*
              FROM UNNEST(?::text[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::int[], ?::float8[], ?::text[]) AS m
            """;

    private final DataSource database;

    MetricWriter(DataSource database) {
        this.database = database;
    }

    /** Part of the caller's transaction; task and network must stand in the store by now. */
    void write(UUID task, UUID network, List<Measurement> measured) {
        if (measured.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int from = 0; from < measured.size(); from += ROWS_A_STATEMENT) {
                List<Measurement> some = measured.subList(from, Math.min(measured.size(), from + ROWS_A_STATEMENT));
                insert.setObject(1, task);
                insert.setObject(2, network);
                insert.setArray(3, column(connection, "text", some, Measurement::metric));
                insert.setArray(4, column(connection, "text", some, Measurement::variant));
                insert.setArray(
                        5, column(connection, "text", some, one -> one.space().orElse(null)));
                insert.setArray(
                        6, column(connection, "numeric", some, one -> one.at().orElse(null)));
                insert.setArray(
                        7,
                        column(
                                connection,
                                "text",
                                some,
                                one -> one.split().map(Split::label).orElse(null)));
                insert.setArray(8, column(connection, "int4", some, MetricWriter::images));
                insert.setArray(9, column(connection, "float8", some, Measurement::value));
                insert.setArray(10, column(connection, "text", some, Measurement::status));
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot write %d metrics of task %s: %s".formatted(measured.size(), task, e.getMessage()), e);
        }
    }

    private static @Nullable Object images(Measurement one) {
        return one.images().isPresent() ? one.images().getAsInt() : null;
    }

    private static java.sql.Array column(
            Connection connection, String type, List<Measurement> rows, Function<Measurement, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, rows.stream().map(value).toArray());
    }
}
