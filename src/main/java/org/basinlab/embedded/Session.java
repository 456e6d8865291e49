package org.basinlab.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.ServiceLoader;

/** A first conversation with a server, to learn whether it is ours and ready. */
final class Session {

    /** What one attempt to talk to the server showed. */
    enum Answer {
        READY,
        /** Nobody listens (yet). */
        SILENT,
        /** It starts, recovers after a crash, or shuts down. */
        BUSY,
        WRONG_PASSWORD,
        /** Another cluster answers on this port. */
        STRANGER
    }

    private static final String CONNECT_SECONDS = "5";

    private static final String ANSWER_SECONDS = "60";

    private static final String NO_SUCH_DATABASE = "3D000";

    private Session() {}

    static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** Asks the server on {@code port} for our database, and creates it if the server is ours and has none. */
    static Answer ask(int port, Password password, Path data) throws SQLException {
        try (Connection connection = connect(port, StoreLayout.NAME, password)) {
            return serves(connection, data) ? Answer.READY : Answer.STRANGER;
        } catch (SQLException e) {
            if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
                return meaning(e);
            }
        }
        try (Connection connection = connect(port, "postgres", password)) {
            if (!serves(connection, data)) {
                return Answer.STRANGER;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + StoreLayout.NAME);
            }
            return Answer.READY;
        }
    }

    private static boolean serves(Connection connection, Path data) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW data_directory")) {
            return row.next() && Path.of(row.getString(1)).equals(data);
        }
    }

    private static Answer meaning(SQLException error) throws SQLException {
        String state = String.valueOf(error.getSQLState());
        return switch (state) {
            case "57P03", "57P01", "57P02" -> Answer.BUSY;
            case "28P01", "28000" -> Answer.WRONG_PASSWORD;
            default -> {
                if (state.startsWith("08")) {
                    yield Answer.SILENT;
                }
                throw error;
            }
        };
    }

    private static Connection connect(int port, String database, Password password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", StoreLayout.NAME);
        properties.setProperty("password", password.text());
        properties.setProperty("connectTimeout", CONNECT_SECONDS);
        properties.setProperty("socketTimeout", ANSWER_SECONDS);
        properties.setProperty("ApplicationName", "basinlab start");
        // Not through DriverManager, which sees only the drivers that its first caller's class loader saw.
        for (Driver driver : ServiceLoader.load(Driver.class, Session.class.getClassLoader())) {
            Connection connection = driver.connect(url(port, database), properties);
            if (connection != null) {
                return connection;
            }
        }
        throw new IllegalStateException("the class path lacks PostgreSQL's JDBC driver");
    }
}
