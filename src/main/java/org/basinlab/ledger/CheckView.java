package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A sanity check of an attack, in the place of the network in the study.
 *
 * @param check what must hold, {@code clean-at-zero}
 * @param measured what was found; empty where that is no number
 * @param bound what it was held against
 */
public record CheckView(
        String arm,
        Optional<UUID> networkId,
        String scheme,
        OptionalInt stage,
        int groupSize,
        int groupId,
        String matching,
        String variant,
        OptionalLong seed,
        String metric,
        Optional<String> space,
        String check,
        Optional<Double> measured,
        double bound,
        boolean passed) {

    static CheckView of(ResultSet row) throws SQLException {
        return new CheckView(
                row.getString("arm"),
                Query.optionalUuid(row, "network_id"),
                row.getString("scheme"),
                Query.optionalInt(row, "stage"),
                row.getInt("group_size"),
                row.getInt("group_id"),
                row.getString("matching"),
                row.getString("variant"),
                Query.optionalLong(row, "seed"),
                row.getString("metric"),
                Query.optionalText(row, "space"),
                row.getString("check_name"),
                Optional.of(row.getDouble("measured")).filter(Double::isFinite),
                row.getDouble("bound"),
                row.getBoolean("passed"));
    }
}
