package org.basinlab.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.SchemaVersion;

/** The views of a store, for commands that read without a server. */
final class StoreReports {

    private StoreReports() {}

    /** Empty when nothing was ever run on this store. */
    static Optional<Reports> open(Store store) {
        Optional<DataSource> database = having("results.metrics", store);
        if (database.isPresent()) {
            requireCurrent(store);
        }
        return database.map(Reports::new);
    }

    /** @throws UnusableException unless the store has every table that this program knows */
    static void requireCurrent(Store store) {
        if (!SchemaVersion.isCurrent(store.dataSource())) {
            throw new UnusableException("the store %s must have the tables of this version, which basinlab serve makes"
                    .formatted(store.shownUrl()));
        }
    }

    /** Whether it has tables, of an earlier version. */
    static boolean isOld(Store store) {
        return having("results.metrics", store)
                .filter(database -> !SchemaVersion.isCurrent(database))
                .isPresent();
    }

    /** What verdicts stand in; empty when nothing was ever run on this store by a version that decides claims. */
    static Optional<DataSource> claims(Store store) {
        return having("results.verdicts", store);
    }

    private static Optional<DataSource> having(String view, Store store) {
        DataSource database = store.dataSource();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('%s') IS NOT NULL".formatted(view))) {
            row.next();
            return row.getBoolean(1) ? Optional.of(database) : Optional.empty();
        } catch (SQLException e) {
            throw new UnusableException(
                    "the store %s must be readable: %s".formatted(store.shownUrl(), e.getMessage()));
        }
    }

    /** The one study that the user means: by the beginning of its id, or by its name, then the newest. */
    static UUID getStudy(Reports reports, String idOrName) {
        List<UUID> matches = reports.listMatches(idOrName);
        if (matches.isEmpty()) {
            throw new UsageException(
                    "no study has the id or name '%s'; basinlab studies lists them".formatted(idOrName));
        }
        boolean byName = reports.findStudy(matches.get(0)).orElseThrow().name().equals(idOrName);
        if (matches.size() > 1 && !byName) {
            throw new UsageException(
                    "'%s' must begin the id of one study, it begins %d".formatted(idOrName, matches.size()));
        }
        return matches.get(0);
    }
}
