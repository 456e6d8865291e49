package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections that a process keeps for itself beside the pool: work that holds all of the pool's, or a store that has none left
 * to give, must not keep a heartbeat from arriving.
 */
@ApplicationScoped
public class ReservedConnections {

    private final String url;
    private final Optional<String> user;
    private final Optional<String> password;

    ReservedConnections(
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String url,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> user,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password) {
        this.url = url;
        this.user = user;
        this.password = password;
    }

    /**
     * One that is opened at its first use, and again after it broke.
     *
     * @param purpose one word, which {@code pg_stat_activity} shows
     * @param patience how long the store may take to answer before the connection counts as broken
     */
    public ReservedConnection reserve(String purpose, Duration patience) {
        int seconds = Math.max(1, (int) patience.toSeconds());
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        user.ifPresent(source::setUser);
        password.ifPresent(source::setPassword);
        source.setApplicationName("basinlab " + purpose);
        source.setConnectTimeout(Math.min(5, seconds));
        source.setLoginTimeout(seconds);
        source.setSocketTimeout(seconds);
        source.setTcpKeepAlive(true);
        // What goes this way says how things are now: after a crash of the store it is said anew.
        source.setOptions("-c synchronous_commit=off");
        return new ReservedConnection(source);
    }
}
