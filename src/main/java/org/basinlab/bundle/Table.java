package org.basinlab.bundle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One table of a bundle.
 *
 * @param from where its rows come from and in which order, from {@code FROM} on
 * @param large whether it may be left out as CSV for its size
 */
record Table(String name, List<Column> columns, String from, boolean large) {

    Table {
        columns = List.copyOf(columns);
    }

    static Builder of(String name) {
        return new Builder(name);
    }

    String parquet() {
        return "tables/%s.parquet".formatted(name);
    }

    String csv() {
        return "tables/%s.csv".formatted(name);
    }

    /** What PostgreSQL is asked. */
    String query() {
        return "SELECT %s %s".formatted(join(Column::exported), from);
    }

    String join(Function<Column, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(", "));
    }

    /** Puts a table together, column by column. */
    static final class Builder {

        private final String name;
        private final List<Column> columns = new ArrayList<>();

        private Builder(String name) {
            this.name = name;
        }

        /** Columns that are called as in the store. */
        Builder add(Column.Kind kind, String alias, String... names) {
            for (String column : names) {
                columns.add(new Column(column, kind, alias + "." + column));
            }
            return this;
        }

        Builder put(Column.Kind kind, String column, String sql) {
            columns.add(new Column(column, kind, sql));
            return this;
        }

        /** The place of a task in its study, as the views of results have it. */
        Builder place() {
            put(Column.Kind.TEXT, "study", "s.name");
            add(Column.Kind.TEXT, "t", "arm", "scheme");
            add(Column.Kind.INT, "t", "stage", "group_size", "group_id");
            return add(Column.Kind.TEXT, "t", "matching");
        }

        Table from(String sql) {
            return new Table(name, columns, sql, false);
        }

        Table largeFrom(String sql) {
            return new Table(name, columns, sql, true);
        }
    }
}
