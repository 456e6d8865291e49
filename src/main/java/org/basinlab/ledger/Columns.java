package org.basinlab.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Sets one array parameter of a statement for each column of rows that go to the store together. */
final class Columns<T> {

    private final Connection connection;
    private final PreparedStatement statement;
    private final List<T> rows;
    private int parameter;

    /** @param first number of the first parameter, from 1 */
    Columns(Connection connection, PreparedStatement statement, int first, List<T> rows) {
        this.connection = connection;
        this.statement = statement;
        this.parameter = first;
        this.rows = rows;
    }

    void add(String type, Value<T> value) throws SQLException {
        @Nullable Object[] column = new @Nullable Object[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = value.of(rows.get(i));
        }
        statement.setArray(parameter++, connection.createArrayOf(type, column));
    }

    static @Nullable Object orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    static @Nullable Object orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /** A column's value of one row; null is SQL's NULL. */
    interface Value<T> {
        @Nullable
        Object of(T row);
    }
}
