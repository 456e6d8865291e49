package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;

/** Writes what was measured about a network in few statements, some thousand numbers each. */
@ApplicationScoped
class MetricWriter {

    private static final int ROWS_A_STATEMENT = 5_000;

    /** The sequence counts by fifty, from when programs drew that many at a time; n − 1 is of the fifty that were drawn by n. */
    private static final String INSERT = """
            INSERT INTO ledger.metric (id, task_id, network_id, metric, variant, space, at, split, images, value, status)
            SELECT nextval('ledger.metric_id') - 1, ?, CAST(? AS uuid), m.*
              FROM UNNEST(?::text[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::int[], ?::float8[], ?::text[]) AS m
            """;

    private final DataSource database;

    MetricWriter(DataSource database) {
        this.database = database;
    }

    /**
     * Part of the caller's transaction; task and network must stand in the store by now.
     *
     * @param network that was measured; empty for several that were measured as one
     */
    void write(UUID task, Optional<UUID> network, List<Measurement> measured) {
        if (measured.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int from = 0; from < measured.size(); from += ROWS_A_STATEMENT) {
                List<Measurement> some = measured.subList(from, Math.min(measured.size(), from + ROWS_A_STATEMENT));
                insert.setObject(1, task);
                insert.setObject(2, network.orElse(null), Types.OTHER);
                Columns<Measurement> columns = new Columns<>(connection, insert, 3, some);
                columns.add("text", Measurement::metric);
                columns.add("text", Measurement::variant);
                columns.add("text", one -> one.space().orElse(null));
                columns.add("numeric", one -> one.at().orElse(null));
                columns.add("text", one -> one.split().map(Split::label).orElse(null));
                columns.add("int4", one -> Columns.orNull(one.images()));
                columns.add("float8", Measurement::value);
                columns.add("text", Measurement::status);
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot write %d metrics of task %s: %s".formatted(measured.size(), task, e.getMessage()), e);
        }
    }
}
