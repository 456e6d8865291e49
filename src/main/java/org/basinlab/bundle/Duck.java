package org.basinlab.bundle;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBDriver;

/**
 * DuckDB in this process, in memory, between files of one folder: it turns rows as text into Parquet and back. It reads and writes
 * nothing outside that folder, fetches nothing, and works on one thread, so that equal rows give equal bytes.
 */
final class Duck implements AutoCloseable {

    private static final String SETTINGS = """
            SET threads = 1;
            SET preserve_insertion_order = true;
            SET memory_limit = '1GB';
            SET autoinstall_known_extensions = false;
            SET autoload_known_extensions = false;
            SET allow_community_extensions = false;
            SET temp_directory = '%1$s';
            SET allowed_directories = ['%1$s'];
            SET enable_external_access = false;
            SET lock_configuration = true;
            """;

    /** A text of a study has at most 1 MiB; a conclusion or an outcome less. */
    static final int LONGEST_LINE = 16 << 20;

    private final Connection connection;
    private final Path folder;

    private Duck(Connection connection, Path folder) {
        this.connection = connection;
        this.folder = folder;
    }

    /** @param folder a folder of our own */
    static Duck in(Path folder) throws SQLException {
        Connection connection = connect();
        Duck duck = new Duck(connection, folder);
        try {
            duck.execute(SETTINGS.formatted(quoted(folder)));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return duck;
    }

    private static Connection connect() throws SQLException {
        try {
            Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
            if (connection == null) {
                throw new IllegalStateException("DuckDB must take its own address");
            }
            return connection;
        } catch (LinkageError e) {
            throw new SQLException(
                    "DuckDB's native library cannot be loaded (Linux on x86-64 with glibc, and a temporary folder from which programs"
                            + " may run): " + e.getMessage(),
                    e);
        }
    }

    /** Writes rows that PostgreSQL wrote as CSV without a head, NULL as {@code \N}, as Parquet. */
    void toParquet(Table table, Path rows, Path parquet) throws SQLException {
        String names = table.join(column -> "'%s': 'VARCHAR'".formatted(column.name()));
        execute("""
                COPY (
                    SELECT %s
                      FROM read_csv('%s', header = false, auto_detect = false, delim = ',', quote = '"', escape = '"',
                                    new_line = '\\n', nullstr = '\\N', allow_quoted_nulls = false, parallel = false,
                                    max_line_size = %d, buffer_size = %d, columns = {%s}))
                  TO '%s' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)
                """.formatted(
                table.join(Column::typed), quoted(rows), LONGEST_LINE, 2 * LONGEST_LINE, names, quoted(parquet)));
    }

    /** The same for people, with a head, from the Parquet. */
    void toCsv(Table table, Path parquet, Path csv) throws SQLException {
        execute(
                "COPY (SELECT %s FROM read_parquet('%s')) TO '%s' (FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"')"
                        .formatted(table.join(Column::readable), quoted(parquet), quoted(csv)));
    }

    /** Rows of a Parquet file as PostgreSQL takes them: CSV without a head, NULL as {@code \N}. */
    void toRows(Table table, Path parquet, Path rows) throws SQLException {
        execute("""
                COPY (SELECT %s FROM read_parquet('%s'))
                  TO '%s' (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '\\N')
                """.formatted(table.join(Column::staged), quoted(parquet), quoted(rows)));
    }

    /** The columns of a Parquet file with their types, in order. */
    Map<String, String> columns(Path parquet) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "DESCRIBE SELECT * FROM read_parquet('%s')".formatted(quoted(parquet)))) {
            while (rows.next()) {
                columns.put(rows.getString(1), rows.getString(2));
            }
        }
        return columns;
    }

    /** What the head of a Parquet file promises: its rows, and its bytes once they are unpacked. */
    Promise promise(Path parquet) throws SQLException {
        String sql = """
                SELECT (SELECT sum(num_rows) FROM parquet_file_metadata('%1$s')),
                       (SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata('%1$s'))
                """.formatted(quoted(parquet));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Promise(row.getLong(1), row.getLong(2));
        }
    }

    record Promise(long rows, long bytes) {}

    /** What the rows of a Parquet file come to as text, about; a dictionary in it may hold few texts that stand in many rows. */
    Weight weigh(Table table, Path parquet) throws SQLException {
        String bytes = table.columns().stream()
                .map(column -> "coalesce(sum(CAST(%s AS HUGEINT)), 0)".formatted(column.weight()))
                .collect(Collectors.joining(" + "));
        String longest = table.columns().stream()
                .map(column -> "coalesce(max(%s), 0)".formatted(column.weight()))
                .collect(Collectors.joining(", "));
        String sql = "SELECT CAST(least(%s, 9223372036854775807) AS BIGINT), greatest(%s, 0) FROM read_parquet('%s')"
                .formatted(bytes, longest, quoted(parquet));
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Weight(row.getLong(1), row.getLong(2));
        }
    }

    /** @param longest bytes of its longest value */
    record Weight(long bytes, long longest) {}

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
