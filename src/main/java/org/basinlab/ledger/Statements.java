package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Statements of the caller's transaction that deal with many rows at once: a list goes as one array. */
@ApplicationScoped
class Statements {

    private final DataSource database;

    Statements(DataSource database) {
        this.database = database;
    }

    /** Returns how many rows it changed. */
    int change(String sql, @Nullable Object... parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(connection, statement, parameters);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    <T> List<T> list(String sql, Query.RowReader<T> reader, @Nullable Object... parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(connection, statement, parameters);
            List<T> found = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(reader.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    <T> Optional<T> find(String sql, Query.RowReader<T> reader, @Nullable Object... parameters) {
        return list(sql, reader, parameters).stream().findFirst();
    }

    private static IllegalStateException refused(SQLException fault) {
        return new IllegalStateException("the store refused a statement: " + fault.getMessage(), fault);
    }

    private static void set(Connection connection, PreparedStatement statement, @Nullable Object... parameters)
            throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value == null) {
                statement.setNull(i + 1, Types.OTHER);
            } else if (value instanceof Many many) {
                statement.setArray(i + 1, connection.createArrayOf(many.type(), many.values()));
            } else if (value instanceof Instant time) {
                statement.setObject(i + 1, time.atOffset(ZoneOffset.UTC));
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    static Many uuids(Collection<UUID> values) {
        return new Many("uuid", values.toArray());
    }

    static Many texts(Collection<String> values) {
        return new Many("text", values.toArray());
    }

    static Many numbers(Collection<Long> values) {
        return new Many("int8", values.toArray());
    }

    static <T> Many column(String type, Collection<T> rows, Function<T, @Nullable Object> value) {
        return new Many(type, rows.stream().map(value).toArray());
    }

    /** One array parameter. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Many(String type, @Nullable Object[] values) {}
}
