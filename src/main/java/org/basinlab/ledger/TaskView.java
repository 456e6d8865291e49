package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A task as people see it, with its newest attempt.
 *
 * @param ordinal its place in the plan, from 0
 * @param reason why it failed or was blocked
 * @param reusedFrom the earlier task whose result it took
 * @param attempts how often it was tried; empty when never
 * @param seconds what the newest attempt took; empty before its end
 */
public record TaskView(
        UUID id,
        UUID studyId,
        String study,
        int ordinal,
        String kind,
        String state,
        Optional<String> reason,
        String arm,
        String scheme,
        OptionalInt stage,
        int groupSize,
        int groupId,
        String matching,
        String variant,
        OptionalLong seed,
        Optional<UUID> networkId,
        Optional<UUID> reusedFrom,
        OptionalInt attempts,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Double> seconds) {

    static TaskView of(ResultSet row) throws SQLException {
        return new TaskView(
                Query.uuid(row, "id"),
                Query.uuid(row, "study_id"),
                row.getString("study"),
                row.getInt("ordinal"),
                row.getString("kind"),
                row.getString("state"),
                Query.optionalText(row, "reason"),
                row.getString("arm"),
                row.getString("scheme"),
                Query.optionalInt(row, "stage"),
                row.getInt("group_size"),
                row.getInt("group_id"),
                row.getString("matching"),
                row.getString("variant"),
                Query.optionalLong(row, "seed"),
                Query.optionalUuid(row, "network_id"),
                Query.optionalUuid(row, "reused_from"),
                Query.optionalInt(row, "attempts"),
                Query.optionalInstant(row, "started_at"),
                Query.optionalInstant(row, "finished_at"),
                Query.optionalDouble(row, "seconds"));
    }
}
