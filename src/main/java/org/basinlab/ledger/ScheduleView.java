package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A study that a clock starts, as it is shown.
 *
 * @param name of the study
 * @param cron Quartz's expression
 * @param misfire {@code fire-once} or {@code skip}
 * @param enabled whether it fires
 * @param previous the time for which it fired last
 * @param next when it fires next; absent while it is off, and until a server has taken it up
 * @param lastStudy what the last firing submitted
 * @param lastFault why it submitted nothing
 * @param firings how often it fired
 */
public record ScheduleView(
        UUID id,
        String name,
        String cron,
        String misfire,
        String timeZone,
        boolean enabled,
        Optional<Instant> previous,
        Optional<Instant> next,
        Optional<UUID> lastStudy,
        Optional<String> lastFault,
        int firings) {

    /** The same, which will run then. */
    public ScheduleView withNext(Optional<Instant> time) {
        return new ScheduleView(
                id, name, cron, misfire, timeZone, enabled, previous, time, lastStudy, lastFault, firings);
    }

    static ScheduleView of(ResultSet row) throws SQLException {
        return new ScheduleView(
                Query.uuid(row, "id"),
                row.getString("name"),
                row.getString("cron"),
                row.getString("misfire"),
                row.getString("time_zone"),
                row.getBoolean("enabled"),
                Query.optionalInstant(row, "previous"),
                Query.optionalInstant(row, "next"),
                Query.optionalUuid(row, "last_study"),
                Query.optionalText(row, "last_fault"),
                row.getInt("firings"));
    }
}
