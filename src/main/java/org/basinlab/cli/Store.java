package org.basinlab.cli;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.basinlab.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The database that this program works on: the one that was named, or the data home's own. */
final class Store implements AutoCloseable {

    private static final int LEAST_VERSION = 15;

    private final String url;
    private final @Nullable String user;
    private final @Nullable String password;
    private final Optional<EmbeddedPostgres> embedded;

    private Store(String url, @Nullable String user, @Nullable String password, Optional<EmbeddedPostgres> embedded) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.embedded = embedded;
    }

    /** Whether there is one to open: a database that was named, or one in the data home; else opening creates it. */
    static boolean isThere(SharedOptions options) {
        return options.database().isPresent() || EmbeddedPostgres.isIn(options.dataHome());
    }

    static Store open(SharedOptions options, Consumer<String> say) {
        Optional<String> named = options.database();
        if (named.isPresent()) {
            Store store =
                    new Store(named.get(), System.getenv("PGUSER"), System.getenv("PGPASSWORD"), Optional.empty());
            store.requireUsable();
            return store;
        }
        EmbeddedPostgres own = EmbeddedPostgres.open(options.dataHome(), say);
        return new Store(own.jdbcUrl(), own.user(), own.password(), Optional.of(own));
    }

    /** Tells Quarkus, which reads its configuration once it starts. */
    void configure() {
        System.setProperty("quarkus.datasource.jdbc.url", url);
        if (user != null) {
            System.setProperty("quarkus.datasource.username", user);
        }
        if (password != null) {
            System.setProperty("quarkus.datasource.password", password);
        }
    }

    /** Plain connections, for commands that need no server. */
    DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        if (user != null) {
            source.setUser(user);
        }
        if (password != null) {
            source.setPassword(password);
        }
        return source;
    }

    /** The URL without anything secret. */
    String shownUrl() {
        return url.replaceAll("(?i)([?&]password=)[^&]*", "$1***").replaceAll("://[^@/]*@", "://***@");
    }

    boolean isOwn() {
        return embedded.isPresent();
    }

    /** How psql finds this database. */
    String psqlPrefix() {
        return embedded.map(own -> "PGPASSFILE=%s psql -h 127.0.0.1 -p %d -U %s basinlab"
                        .formatted(shellWord(own.passFile()), own.port(), own.user()))
                .orElseGet(() -> "psql '%s'".formatted(shownUrl().replaceFirst("^jdbc:", "")));
    }

    private static String shellWord(Path path) {
        String text = path.toString();
        return text.matches("[A-Za-z0-9_./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private void requireUsable() {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new UsageException(
                    "--database must be a JDBC URL of PostgreSQL (jdbc:postgresql://host:5432/name), was '%s'"
                            .formatted(shownUrl()));
        }
        try (Connection connection =
                user == null ? DriverManager.getConnection(url) : DriverManager.getConnection(url, user, password)) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < LEAST_VERSION) {
                throw new UnusableException("the database must be PostgreSQL %d or newer, %s is %d"
                        .formatted(LEAST_VERSION, shownUrl(), version));
            }
        } catch (SQLException e) {
            throw new UnusableException(
                    "the database %s must accept connections: %s".formatted(shownUrl(), e.getMessage()));
        }
    }

    /** Whoever calls second waits for the first: at the end of the process two threads may do this. */
    @Override
    public synchronized void close() {
        embedded.ifPresent(EmbeddedPostgres::close);
    }
}
