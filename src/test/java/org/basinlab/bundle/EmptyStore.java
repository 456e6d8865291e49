package org.basinlab.bundle;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.basinlab.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** A second store beside that of the test's server: somebody else's. */
final class EmptyStore implements AutoCloseable {

    private final EmbeddedPostgres postgres;
    private final PGSimpleDataSource database = new PGSimpleDataSource();

    EmptyStore(Path home) {
        postgres = EmbeddedPostgres.open(home, message -> {});
        database.setUrl(postgres.jdbcUrl());
        database.setUser(postgres.user());
        database.setPassword(postgres.password());
        Flyway.configure()
                .dataSource(database)
                .locations("filesystem:migrations")
                .load()
                .migrate();
    }

    DataSource database() {
        return database;
    }

    /** Every row as one text, in their order. */
    static List<String> rows(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CAST(q AS text) FROM (" + sql + ") q")) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    static void change(DataSource database, String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
