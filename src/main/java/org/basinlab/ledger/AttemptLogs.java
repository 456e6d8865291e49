package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** What attempts say while they run, at most {@value #MOST_LINES} lines and {@value #MOST_BYTES} bytes each. */
@ApplicationScoped
public class AttemptLogs {

    public static final int MOST_LINES = 1_000;

    public static final int MOST_BYTES = 64 << 10;

    /** The last line where something was left out. */
    static final String LEFT_OUT =
            "further lines are left out: an attempt keeps %d lines and %d KiB".formatted(MOST_LINES, MOST_BYTES >> 10);

    /** Characters of one line; the rest says nothing that its beginning does not. */
    private static final int LONGEST_LINE = 2_000;

    private static final String FOUND = """
            SELECT count(*), coalesce(sum(octet_length(message)), 0), coalesce(bool_or(message = ?), false)
              FROM ledger.attempt_log
             WHERE token = ?
            """;

    private static final String INSERT = """
            INSERT INTO ledger.attempt_log (token, line, level, message)
            VALUES (?, ?, ?, ?)
            """;

    private static final String LIST = """
            SELECT a.number, l.line, l.at, l.level, l.message
              FROM ledger.attempt a
              JOIN ledger.attempt_log l ON l.token = a.token
             WHERE a.task_id = ?
               AND (a.number, l.line) > (?, ?)
             ORDER BY a.number, l.line
             LIMIT ?
            """;

    private final DataSource database;

    public AttemptLogs(DataSource database) {
        this.database = database;
    }

    /**
     * Adds lines of one attempt, in order; beyond the bound one line says that more was left out.
     *
     * @throws IllegalStateException if the store does not take them
     */
    @Transactional
    public void append(long token, List<Said> lines) {
        try (Connection connection = database.getConnection()) {
            write(connection, token, lines);
        } catch (SQLException e) {
            throw new IllegalStateException("the log of an attempt cannot be written: " + e.getMessage(), e);
        }
    }

    /** The same in the transaction of a connection that the caller holds. */
    static void write(Connection connection, long token, List<Said> lines) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        int count;
        long bytes;
        try (PreparedStatement statement = connection.prepareStatement(FOUND)) {
            statement.setString(1, LEFT_OUT);
            statement.setLong(2, token);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                count = row.getInt(1);
                bytes = row.getLong(2);
                if (row.getBoolean(3)) {
                    return;
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            for (Said line : fitting(lines, MOST_LINES - count, MOST_BYTES - bytes)) {
                statement.setLong(1, token);
                statement.setInt(2, ++count);
                statement.setString(3, line.level());
                statement.setString(4, line.message());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /** As many as have room beside the line that says of the others. */
    private static List<Said> fitting(List<Said> lines, int mostLines, long mostBytes) {
        List<Said> fitting = new ArrayList<>();
        long bytes = LEFT_OUT.length();
        for (Said line : lines) {
            bytes += line.message().getBytes(StandardCharsets.UTF_8).length;
            if (fitting.size() + 1 >= mostLines || bytes > mostBytes) {
                fitting.add(new Said("warn", LEFT_OUT));
                return fitting;
            }
            fitting.add(line);
        }
        return fitting;
    }

    /**
     * Lines of all attempts of a task after a place among them, in order.
     *
     * @throws IllegalStateException if the store does not answer
     */
    public List<Line> list(UUID task, Position after, int most) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setObject(1, task);
            statement.setInt(2, after.attempt());
            statement.setInt(3, after.line());
            statement.setInt(4, most);
            List<Line> lines = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    lines.add(new Line(
                            new Position(rows.getInt(1), rows.getInt(2)),
                            rows.getTimestamp(3).toInstant(),
                            rows.getString(4),
                            rows.getString(5)));
                }
            }
            return lines;
        } catch (SQLException e) {
            throw new IllegalStateException("the log of a task cannot be read: " + e.getMessage(), e);
        }
    }

    /** A line that is not stored yet; level is {@code info}, {@code warn} or {@code error}. */
    public record Said(String level, String message) {
        public Said {
            if (!List.of("info", "warn", "error").contains(level)) {
                throw new IllegalArgumentException(
                        "a line's level must be info, warn or error, was '%s'".formatted(level));
            }
            String plain = message.replace('\0', ' ').replaceAll("\\R", " ").strip();
            message = plain.length() <= LONGEST_LINE ? plain : plain.substring(0, LONGEST_LINE) + "...";
        }
    }

    /** Attempt number and line, both from 1; (0, 0) is before all. */
    public record Position(int attempt, int line) {}

    /** A line of an attempt. */
    public record Line(Position position, Instant at, String level, String message) {}
}
