package org.basinlab.ledger;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * One measured number, in the place of its network in the study.
 *
 * @param networkId empty for several networks that were measured as one
 * @param value empty where it is no number; {@code status} is {@code nan} then
 * @param status {@code ok}, {@code nan} or {@code check-failed}
 */
public record MetricView(
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
        Optional<BigDecimal> at,
        Optional<String> split,
        OptionalInt images,
        Optional<Double> value,
        String status) {

    static MetricView of(ResultSet row) throws SQLException {
        return new MetricView(
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
                Optional.ofNullable(row.getBigDecimal("at")).map(BigDecimal::stripTrailingZeros),
                Query.optionalText(row, "split"),
                Query.optionalInt(row, "images"),
                Optional.of(row.getDouble("value")).filter(Double::isFinite),
                row.getString("status"));
    }
}
