package org.basinlab.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the rows of a bundle's table go in the store.
 *
 * @param table of the bundle; its staged rows are {@code s}
 * @param store table of schema ledger; its rows are {@code l}
 * @param key columns that name a row of the store; never NULL
 * @param nullable further ones, in which NULL is a name like any other
 * @param columns of the store, with the expression on {@code s} that fills them, keys included
 * @param differs on {@code s} and {@code l}: whether a row that is there already is another one
 * @param owner joins the study {@code y} that a row belongs to; empty where it belongs to none
 * @param merged whether several staged rows may be one of the store
 */
record Target(
        String table,
        String store,
        List<String> key,
        List<String> nullable,
        Map<String, String> columns,
        String differs,
        String owner,
        boolean merged) {

    /** A row that belongs to the study that its column {@code study_id} names. */
    static final String BY_STUDY = "JOIN ledger.study y ON y.id = s.study_id";

    private static final String BY_TASK = "JOIN ledger.task w ON w.id = s.%s JOIN ledger.study y ON y.id = w.study_id";

    static String byTask(String column) {
        return BY_TASK.formatted(column);
    }

    static Builder of(String table, String store, String... key) {
        return new Builder(table, store, List.of(key));
    }

    String stage() {
        return "stage_" + table;
    }

    private String match() {
        return Stream.concat(
                        key.stream().map(column -> "l.%s = %s".formatted(column, columns.get(column))),
                        nullable.stream()
                                .map(column -> "l.%s IS NOT DISTINCT FROM %s".formatted(column, columns.get(column))))
                .collect(Collectors.joining(" AND "));
    }

    /** How many staged rows stand in the store with other contents. */
    String conflicts() {
        return "SELECT count(*) FROM %s s JOIN ledger.%s l ON %s WHERE %s".formatted(stage(), store, match(), differs);
    }

    /** How many staged rows would be added to studies that came from no bundle. */
    String intrusions() {
        return "SELECT count(*) FROM %s s %s WHERE y.bundle IS NULL AND NOT EXISTS (SELECT FROM ledger.%s l WHERE %s)"
                .formatted(stage(), owner.isEmpty() ? "JOIN ledger.study y ON false" : owner, store, match());
    }

    /** How many staged rows are not in the store. */
    String missing() {
        return "SELECT count(*) FROM %s s WHERE NOT EXISTS (SELECT FROM ledger.%s l WHERE %s)"
                .formatted(stage(), store, match());
    }

    String insert() {
        String distinct =
                Stream.concat(key.stream(), nullable.stream()).map(columns::get).collect(Collectors.joining(", "));
        String first = merged
                ? "AND s.row_number IN (SELECT min(s.row_number) FROM %s s GROUP BY %s)".formatted(stage(), distinct)
                : "";
        return """
                INSERT INTO ledger.%s (%s)
                SELECT %s
                  FROM (SELECT s.*
                          FROM %s s
                         WHERE NOT EXISTS (SELECT FROM ledger.%s l WHERE %s) %s
                         ORDER BY s.row_number) s
                """.formatted(
                        store,
                        String.join(", ", columns.keySet()),
                        String.join(", ", columns.values()),
                        stage(),
                        store,
                        match(),
                        first);
    }

    /** Puts a target together. */
    static final class Builder {

        private final String table;
        private final String store;
        private final List<String> key;
        private final Map<String, String> columns = new LinkedHashMap<>();
        private List<String> nullable = List.of();
        private final List<String> differences = new ArrayList<>();
        private boolean merged;

        private Builder(String table, String store, List<String> key) {
            this.table = table;
            this.store = store;
            this.key = new ArrayList<>(key);
            key.forEach(name -> columns.put(name, "s." + name));
        }

        /** Columns that are called alike on both sides. */
        Builder same(String... names) {
            for (String name : names) {
                columns.put(name, "s." + name);
            }
            return this;
        }

        Builder times(String... names) {
            for (String name : names) {
                columns.put(name, "s.%s AT TIME ZONE 'UTC'".formatted(name));
            }
            return this;
        }

        Builder put(String name, String expression) {
            columns.put(name, expression);
            return this;
        }

        /** A column of the key that is called otherwise in the bundle. */
        Builder keyed(String name, String expression) {
            key.add(name);
            return put(name, expression);
        }

        /** Of several staged rows of one key the first is taken. */
        Builder merged(String... nullableKey) {
            nullable = List.of(nullableKey);
            merged = true;
            return same(nullableKey);
        }

        /** Columns in which a row that is there already must be equal. */
        Builder compared(String... names) {
            for (String name : names) {
                differing("l.%s IS DISTINCT FROM %s".formatted(name, columns.get(name)));
            }
            return this;
        }

        /** Otherwise than by a column alone. */
        Builder differing(String condition) {
            differences.add("(%s)".formatted(condition));
            return this;
        }

        Target ofNobody() {
            return ownedBy("");
        }

        Target ownedBy(String owner) {
            String differs = differences.isEmpty() ? "false" : "(%s)".formatted(String.join(" OR ", differences));
            return new Target(table, store, key, nullable, columns, differs, owner, merged);
        }
    }
}
