package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * A network in its place in a study; one that a second study reuses has a view in each.
 *
 * @param origin {@code trained}, {@code merged} or {@code control}
 * @param architecture such as {@code 3072-16-10}
 * @param parameters how many numbers it has
 * @param sha256 of its checkpoint
 * @param bytes of its checkpoint
 * @param stored whether the checkpoint's bytes are still kept
 */
public record NetworkView(
        UUID id,
        UUID studyId,
        String study,
        String arm,
        String scheme,
        OptionalInt stage,
        int groupSize,
        int groupId,
        String matching,
        String variant,
        OptionalLong seed,
        String origin,
        String architecture,
        long parameters,
        String sha256,
        long bytes,
        boolean stored,
        UUID taskId,
        Optional<UUID> reusedFrom,
        Instant createdAt) {

    static NetworkView of(ResultSet row) throws SQLException {
        return new NetworkView(
                Query.uuid(row, "id"),
                Query.uuid(row, "study_id"),
                row.getString("study"),
                row.getString("arm"),
                row.getString("scheme"),
                Query.optionalInt(row, "stage"),
                row.getInt("group_size"),
                row.getInt("group_id"),
                row.getString("matching"),
                row.getString("variant"),
                Query.optionalLong(row, "seed"),
                row.getString("origin"),
                row.getString("architecture"),
                row.getLong("parameters"),
                row.getString("sha256"),
                row.getLong("bytes"),
                row.getBoolean("stored"),
                Query.uuid(row, "task_id"),
                Query.optionalUuid(row, "reused_from"),
                Query.instant(row, "created_at"));
    }
}
