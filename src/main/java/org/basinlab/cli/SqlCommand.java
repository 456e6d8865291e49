package org.basinlab.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.basinlab.recipe.CanonicalJson;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;
import org.postgresql.util.PSQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab sql}: a query over the results, for machines without psql. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description =
                "Asks the views of schema results (studies, tasks, networks, metrics, claims, verdicts, …), as the role"
                        + " basinlab_reader: nothing can be changed, and a query ends after 10 seconds.",
        footer = {
            "",
            "Examples:",
            "  basinlab sql \"SELECT scheme, group_size, avg(value) FROM results.metrics WHERE metric = 'accuracy' AND split ="
                    + " 'test' GROUP BY 1, 2 ORDER BY 2, 1\"",
            "  basinlab sql \"SELECT * FROM results.studies\" --json",
            "  basinlab sql \"SELECT * FROM results.metrics\" --csv > metrics.csv"
        })
final class SqlCommand implements Callable<Integer> {

    private static final int MOST_ROWS = 100_000;
    private static final String QUERY_CANCELED = "57014";

    @Parameters(paramLabel = "QUERY", description = "One SELECT.")
    private String query;

    @Option(
            names = "--csv",
            description =
                    "Comma-separated values with a line of headings (RFC 4180); what is NULL is empty, and an empty"
                            + " text is \"\".")
    private boolean csv;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (csv && shared.json()) {
            throw new UsageException("--csv and --json must not be given together");
        }
        try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
            if (StoreReports.open(store).isEmpty()) {
                throw new UsageException("the store is empty; try: basinlab run quickstart");
            }
            ask(store, spec.commandLine().getOut());
            return ExitCode.DONE;
        }
    }

    private void ask(Store store, PrintWriter out) {
        try (Connection connection = store.dataSource().getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                requireOneStatement();
                becomeReader(connection, statement);
                statement.execute("SET LOCAL statement_timeout = '10s'");
                statement.setMaxRows(MOST_ROWS + 1);
                try (ResultSet rows = statement.executeQuery(query)) {
                    print(rows, out);
                }
            }
        } catch (SQLException e) {
            throw explained(e, store);
        }
    }

    private static RuntimeException explained(SQLException fault, Store store) {
        String state = String.valueOf(fault.getSQLState());
        String why = reason(fault);
        if (state.equals(QUERY_CANCELED)) {
            return new UsageException("the query must end within 10 seconds, it did not", fault);
        }
        if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P")) {
            return new UnusableException("the store %s must be readable: %s".formatted(store.shownUrl(), why));
        }
        return new UsageException("the query must be one SELECT over schema results: " + why, fault);
    }

    /** The server's own sentence, without the place in its sources. */
    private static String reason(SQLException fault) {
        return fault instanceof PSQLException refused && refused.getServerErrorMessage() != null
                ? String.valueOf(refused.getServerErrorMessage().getMessage())
                : String.valueOf(fault.getMessage());
    }

    /** A second statement could end the transaction, and with it what makes the query harmless. */
    private void requireOneStatement() throws SQLException {
        int statements =
                Parser.parseJdbcSql(query, true, false, true, false, true).size();
        if (statements != 1) {
            throw new UsageException("the query must be one statement, was " + statements);
        }
    }

    /** Numbers stay numbers, what is none is null as everywhere in our JSON, and all else is text. */
    private static @Nullable Object json(@Nullable Object value, @Nullable String text) {
        if (value instanceof Double || value instanceof Float) {
            return Double.isFinite(((Number) value).doubleValue()) ? value : null;
        }
        return value instanceof Number || value instanceof Boolean ? value : text;
    }

    /** On a database whose owner may make no roles there is none: then the connection's own user asks, read-only as well. */
    private void becomeReader(Connection connection, Statement statement) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            statement.execute("SET LOCAL ROLE basinlab_reader");
        } catch (SQLException e) {
            connection.rollback(before);
            spec.commandLine().getErr().println("note: asking as the database's own user, read-only: " + reason(e));
        }
    }

    private void print(ResultSet rows, PrintWriter out) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        String[] names = new String[columns.getColumnCount()];
        for (int i = 0; i < names.length; i++) {
            names[i] = columns.getColumnLabel(i + 1);
        }
        if (shared.json()) {
            printJson(rows, names, out);
        } else if (csv) {
            printCsv(rows, names, out);
        } else {
            printTable(rows, names, out);
        }
    }

    /** Whether there is another row to print; says so where there are more than are printed. */
    private boolean next(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return false;
        }
        if (rows.getRow() > MOST_ROWS) {
            spec.commandLine()
                    .getErr()
                    .println("note: there are more than %d rows; these are the first of them".formatted(MOST_ROWS));
            return false;
        }
        return true;
    }

    private void printTable(ResultSet rows, String[] names, PrintWriter out) throws SQLException {
        TextTable table = new TextTable(names);
        while (next(rows)) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < names.length; i++) {
                String text = rows.getString(i + 1);
                cells.add(text == null ? "" : text);
            }
            table.add(cells);
        }
        table.print(out);
    }

    private void printCsv(ResultSet rows, String[] names, PrintWriter out) throws SQLException {
        CsvLine.print(List.of(names), out);
        while (next(rows)) {
            List<@Nullable String> cells = new ArrayList<>();
            for (int i = 0; i < names.length; i++) {
                cells.add(rows.getString(i + 1));
            }
            CsvLine.print(cells, out);
        }
        out.flush();
    }

    private void printJson(ResultSet rows, String[] names, PrintWriter out) throws SQLException {
        Set<String> distinct = new LinkedHashSet<>(List.of(names));
        if (distinct.size() < names.length) {
            throw new UsageException(
                    "the columns of a JSON document must have different names, were %s: name them with AS"
                            .formatted(List.of(names)));
        }
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        while (next(rows)) {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                document.put(names[i], json(rows.getObject(i + 1), rows.getString(i + 1)));
            }
            documents.add(document);
        }
        out.println(CanonicalJson.write(documents));
    }
}
