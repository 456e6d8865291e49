package org.basinlab.ledger;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.basinlab.recipe.Digests;
import org.basinlab.study.Specification;
import org.basinlab.workflow.Shortfall;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.util.PSQLException;

/**
 * Reads the numbers of claims by their queries, all of them of one moment: a transaction that only reads, as the role that may read
 * the results and nothing else. Whatever orders rows in the same way twice is turned on, so that sums come out the same.
 */
public final class ClaimReading implements AutoCloseable {

    /** Where a query names the study. */
    private static final String STUDY = "{study}";

    private static final String SETTINGS = """
            SET LOCAL statement_timeout = '5min';
            SET LOCAL max_parallel_workers_per_gather = 0;
            SET LOCAL synchronize_seqscans = off;
            SET LOCAL jit = off
            """;

    /** Decimal places by which rows are compared. */
    private static final int PLACES = 10;

    private static final String QUERY_CANCELED = "57014";

    /** Of our own complaints about rows. */
    private static final String NO_STATE = "";

    /** What was measured, without the numbers; each part is empty where the view has NULL. */
    private static final String MEASURED = """
            SELECT DISTINCT arm, scheme, group_size, variant, metric, space, trim_scale(at) AS at, split, images
              FROM results.metrics
             WHERE study_id = ?
            """;

    /** Where the number of images stands among those columns. */
    private static final int IMAGES = 8;

    /** A merge has its leaves, a trained network is one. */
    private static final String LEAVES = """
            SELECT n.arm || '/' || n.group_size || '/' || n.group_id AS unit, l.ancestor_sha256 AS leaf
              FROM results.networks n
              JOIN results.lineage l ON l.network_id = n.id AND l.is_leaf
             WHERE n.study_id = ?
             UNION
            SELECT n.arm || '/' || n.group_size || '/' || n.group_id, n.sha256
              FROM results.networks n
             WHERE n.study_id = ? AND n.scheme = 'trained'
            """;

    private static final Pattern SELECT = Pattern.compile("\\s*(SELECT|WITH)\\b", Pattern.CASE_INSENSITIVE);

    private static final String CAME_WITH_A_BUNDLE =
            "SELECT EXISTS (SELECT FROM ledger.study WHERE id = ? AND bundle IS NOT NULL)";

    /** Whether a query could make itself a superuser, who reads every file of the server. */
    private static final String CAN_RISE = """
            SELECT s.rolsuper
                   AND (current_user = session_user
                        OR has_function_privilege('pg_catalog.set_config(text, text, boolean)', 'EXECUTE'))
              FROM pg_roles s
             WHERE s.rolname = session_user
            """;

    private final Connection connection;
    private final UUID study;
    private final boolean isUnsafe;
    private @Nullable Set<List<String>> measured;

    private ClaimReading(Connection connection, UUID study, boolean isUnsafe) {
        this.connection = connection;
        this.study = study;
        this.isUnsafe = isUnsafe;
    }

    /** Opens the study for reading as it is. */
    public static ClaimReading open(DataSource database, UUID study) {
        return open(database, study, Optional.empty());
    }

    /**
     * Opens the study for reading as it was: what was measured later is not there.
     *
     * @param asOf the moment of its verdict
     */
    public static ClaimReading openAsOf(DataSource database, UUID study, Instant asOf) {
        return open(database, study, Optional.of(asOf));
    }

    private static ClaimReading open(DataSource database, UUID study, Optional<Instant> asOf) {
        try {
            Connection connection = database.getConnection();
            try {
                connection.setAutoCommit(false);
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                try (Statement statement = connection.createStatement()) {
                    statement.execute(SETTINGS);
                    if (asOf.isPresent()) {
                        // Before the role is taken, which may call no set_config; an instant is digits and letters.
                        statement.execute("SET LOCAL basinlab.as_of = '%s'".formatted(asOf.get()));
                    }
                    boolean foreign = isForeign(connection, study);
                    becomeReader(connection, statement);
                    return new ClaimReading(connection, study, foreign && is(statement.executeQuery(CAN_RISE)));
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static boolean isForeign(Connection connection, UUID study) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(CAME_WITH_A_BUNDLE)) {
            query.setObject(1, study);
            return is(query.executeQuery());
        }
    }

    private static boolean is(ResultSet answer) throws SQLException {
        try (answer) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    /** On a database whose owner may make no roles there is none: then the connection's own user reads. */
    private static void becomeReader(Connection connection, Statement statement) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            statement.execute("SET LOCAL ROLE basinlab_reader");
        } catch (SQLException e) {
            connection.rollback(before);
        }
    }

    /** The query with the study's id in it. */
    public String sql(String query) {
        return query.replace(STUDY, "'" + study + "'");
    }

    /**
     * The units that a query gives.
     *
     * @param what whose query it is, for messages: {@code claim H1, specification primary, part accuracy}
     * @param sql complete
     * @throws ClaimQueryException if it cannot be run, or gives something else than units; it can go on with another query then
     */
    public UnitTable units(String what, String sql) {
        List<UnitTable.Unit> units = new ArrayList<>(rows(what, sql, UnitRows::unit));
        units.sort(Comparator.comparing(UnitTable.Unit::name));
        return new UnitTable(units, sql, digest(units));
    }

    /**
     * The images behind the units.
     *
     * @throws ClaimQueryException if the query cannot be run, or gives something else
     */
    public List<ImageTerm> images(String what, String sql) {
        return rows(what, sql, UnitRows::term);
    }

    /** Whether the study has a number of every kind that is needed, whatever its status, and those on as many images as they must be. */
    public boolean hasMeasured(List<Specification.Need> needs) {
        Set<List<String>> known = measured();
        return needs.stream().allMatch(need -> known.stream().anyMatch(kind -> isOf(need, kind)))
                && Shortfall.of(needs, need -> images(need, known)).isEmpty();
    }

    private static IntStream images(Specification.Need need, Set<List<String>> known) {
        return known.stream()
                .filter(kind -> isOf(need, kind) && !kind.get(IMAGES).isEmpty())
                .mapToInt(kind -> Integer.parseInt(kind.get(IMAGES)));
    }

    private static boolean isOf(Specification.Need need, List<String> kind) {
        return kind.get(0).equals(need.arm())
                && kind.get(1).equals(need.scheme())
                && kind.get(2).equals(Integer.toString(need.groupSize()))
                && need.variant().map(kind.get(3)::equals).orElse(true)
                && kind.get(4).equals(need.metric())
                && need.space().map(kind.get(5)::equals).orElse(true)
                && need.at().map(at -> isPoint(kind.get(6), at)).orElse(true)
                && need.split().map(kind.get(7)::equals).orElse(true);
    }

    private static boolean isPoint(String measured, String needed) {
        return !measured.isEmpty()
                && new java.math.BigDecimal(measured).compareTo(new java.math.BigDecimal(needed)) == 0;
    }

    private Set<List<String>> measured() {
        Set<List<String>> known = measured;
        if (known == null) {
            known = new HashSet<>(ask(
                    MEASURED,
                    row -> {
                        List<String> kind = new ArrayList<>();
                        for (int column = 1; column <= IMAGES + 1; column++) {
                            String text = row.getString(column);
                            kind.add(text == null ? "" : text);
                        }
                        return List.copyOf(kind);
                    },
                    study));
            measured = known;
        }
        return known;
    }

    /** SHA-256 of the trained networks that every group of the study is made of, by {@code arm/size/group}. */
    public Map<String, Set<String>> leaves() {
        Map<String, Set<String>> leaves = new HashMap<>();
        ask(
                LEAVES,
                row -> leaves.computeIfAbsent(row.getString("unit"), unit -> new TreeSet<>())
                        .add(row.getString("leaf")),
                study,
                study);
        return leaves;
    }

    private <T> List<T> ask(String sql, Query.RowReader<T> reader, Object... parameters) {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                query.setObject(i + 1, parameters[i]);
            }
            return read(query.executeQuery(), reader);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private <T> List<T> rows(String what, String sql, Query.RowReader<T> reader) {
        if (isUnsafe) {
            throw new ClaimQueryException(
                    ClaimQueryException.Fault.QUERY,
                    "%s: a query that came with a bundle is run only where it cannot read more than the results; this connection is a superuser's, so REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC, or connect as another user"
                            .formatted(what));
        }
        try (Statement query = connection.createStatement()) {
            requireOneSelect(what, sql);
            return alone(query, sql, reader);
        } catch (SQLException e) {
            throw explained(what, e);
        }
    }

    /** A second statement could end the transaction, and any other than a SELECT the role, and with it what makes the query harmless. */
    private static void requireOneSelect(String what, String sql) throws SQLException {
        List<NativeQuery> statements = Parser.parseJdbcSql(sql, true, false, true, false, true);
        if (statements.size() != 1) {
            throw new ClaimQueryException(
                    ClaimQueryException.Fault.QUERY,
                    "%s: the query must be one statement, was %d".formatted(what, statements.size()));
        }
        if (!SELECT.matcher(sql).lookingAt()) {
            throw new ClaimQueryException(
                    ClaimQueryException.Fault.QUERY, "%s: the query must be a SELECT".formatted(what));
        }
    }

    /** One that fails leaves the transaction as it was, so that the next can be asked. */
    private <T> List<T> alone(Statement query, String sql, Query.RowReader<T> reader) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            List<T> rows = read(query.executeQuery(sql), reader);
            connection.releaseSavepoint(before);
            return rows;
        } catch (SQLException e) {
            try {
                connection.rollback(before);
            } catch (SQLException gone) {
                e.addSuppressed(gone);
            }
            throw e;
        }
    }

    private static <T> List<T> read(ResultSet rows, Query.RowReader<T> reader) throws SQLException {
        try (rows) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        }
    }

    private static IllegalStateException explained(String what, SQLException fault) {
        String state = Objects.requireNonNullElse(fault.getSQLState(), NO_STATE);
        if (state.equals(QUERY_CANCELED)) {
            ClaimQueryException stopped = new ClaimQueryException(
                    ClaimQueryException.Fault.TIME,
                    "%s: the query must end within 5 minutes, it was stopped".formatted(what));
            stopped.addSuppressed(fault);
            return stopped;
        }
        if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.startsWith("40")) {
            return unreadable(fault);
        }
        boolean isOfTheServer = fault instanceof PSQLException refused && refused.getServerErrorMessage() != null;
        return new ClaimQueryException(
                fault(state, isOfTheServer), "%s: the query must give units, %s".formatted(what, said(fault)), fault);
    }

    private static String said(SQLException fault) {
        String said = fault instanceof PSQLException refused && refused.getServerErrorMessage() != null
                ? "PostgreSQL said: " + refused.getServerErrorMessage().getMessage()
                : String.valueOf(fault.getMessage());
        return said.lines().findFirst().orElse("");
    }

    /** Class 22 are data exceptions; those of the driver, and what has no class, come from rows that were given. */
    private static ClaimQueryException.Fault fault(String state, boolean isOfTheServer) {
        if (state.startsWith("22")) {
            return isOfTheServer ? ClaimQueryException.Fault.DATA : ClaimQueryException.Fault.ROWS;
        }
        return state.equals(NO_STATE) ? ClaimQueryException.Fault.ROWS : ClaimQueryException.Fault.QUERY;
    }

    private static IllegalStateException unreadable(SQLException fault) {
        return new IllegalStateException("the store cannot be read: " + fault.getMessage(), fault);
    }

    /** Of ten decimal places of every number; absent ones are told from all others. */
    private static String digest(List<UnitTable.Unit> units) {
        StringBuilder text = new StringBuilder();
        for (UnitTable.Unit unit : units) {
            text.append(unit.name()).append('\t').append(digits(unit.value())).append('\t');
            text.append(digits(unit.other())).append('\t').append(unit.status()).append('\n');
        }
        return Digests.of(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Logarithms and sums may differ in their last bits on another machine, and say the same. */
    private static String digits(OptionalDouble value) {
        if (value.isEmpty()) {
            return "";
        }
        double number = value.getAsDouble();
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(PLACES, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : Double.toString(number);
    }

    /** Nothing was written: there is nothing to keep. */
    @Override
    public void close() {
        try (connection) {
            connection.rollback();
            connection.setReadOnly(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }
}
