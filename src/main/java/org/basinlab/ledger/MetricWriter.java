package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Measurement;
import org.jspecify.annotations.Nullable;

/** Writes what was measured about networks in few statements, some thousand numbers each. */
@ApplicationScoped
class MetricWriter {

    private static final int ROWS_A_STATEMENT = 5_000;

    /** The sequence counts by fifty, from when programs drew that many at a time; n − 1 is of the fifty that were drawn by n. */
    private static final String INSERT = """
            INSERT INTO ledger.metric (id, task_id, network_id, metric, variant, space, at, split, images, value, status)
            SELECT nextval('ledger.metric_id') - 1, m.*
              FROM UNNEST(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::text[], ?::int[], ?::float8[], ?::text[])
                AS m
            """;

    private final DataSource database;

    MetricWriter(DataSource database) {
        this.database = database;
    }

    /** Part of the caller's transaction; tasks and networks must stand in the store by now. */
    void write(List<Placed> measured) {
        if (measured.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (int from = 0; from < measured.size(); from += ROWS_A_STATEMENT) {
                List<Placed> some = measured.subList(from, Math.min(measured.size(), from + ROWS_A_STATEMENT));
                Columns<Placed> columns = new Columns<>(connection, insert, 1, some);
                columns.add("uuid", Placed::task);
                columns.add("uuid", Placed::network);
                columns.add("text", one -> one.number().metric());
                columns.add("text", one -> one.number().variant());
                columns.add("text", one -> one.number().space().orElse(null));
                columns.add("numeric", one -> one.number().at().orElse(null));
                columns.add(
                        "text", one -> one.number().split().map(Split::label).orElse(null));
                columns.add("int4", one -> Columns.orNull(one.number().images()));
                columns.add("float8", one -> one.number().value());
                columns.add("text", one -> one.number().status());
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot write %d metrics of task %s: %s"
                            .formatted(measured.size(), measured.get(0).task(), e.getMessage()),
                    e);
        }
    }

    /**
     * One number of one task.
     *
     * @param network that was measured; null for several that were measured as one
     */
    record Placed(UUID task, @Nullable UUID network, Measurement number) {}
}
