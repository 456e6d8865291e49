package org.basinlab.ledger;

import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** What the view {@code results.contrasts} says of a study, and which leaves its groups are made of. */
public final class Contrasts {

    private static final String ROWS = """
            SELECT arm, contrast, scheme, variant, against, group_size, group_id, value, status
              FROM results.contrasts
             WHERE study_id = ?
             ORDER BY arm, contrast, scheme, variant, against, group_size, group_id
            """;

    private static final String LEAVES = """
            SELECT arm, array_agg(seed ORDER BY group_id) AS seeds
              FROM results.tasks
             WHERE study_id = ? AND kind = 'train' AND scheme = 'trained'
             GROUP BY arm
             ORDER BY arm
            """;

    private final Query query;

    public Contrasts(DataSource database) {
        this.query = new Query(database);
    }

    /**
     * One comparison within one group.
     *
     * @param variant of the merge
     * @param against of MergeMany, where it is compared with that
     * @param value absent where {@code status} is not {@code ok}
     */
    public record Row(
            String arm,
            String contrast,
            String scheme,
            String variant,
            Optional<String> against,
            int groupSize,
            int groupId,
            Optional<Double> value,
            String status) {}

    /** All of a study. */
    public List<Row> rows(UUID study) {
        return query.list(
                ROWS,
                row -> new Row(
                        row.getString("arm"),
                        row.getString("contrast"),
                        row.getString("scheme"),
                        row.getString("variant"),
                        Query.optionalText(row, "against"),
                        row.getInt("group_size"),
                        row.getInt("group_id"),
                        Optional.ofNullable(row.getObject("value", Double.class)),
                        row.getString("status")),
                study);
    }

    /** By arm the seeds of its leaves in its order; the groups of every size are contiguous blocks of that. */
    public Map<String, List<Long>> leaves(UUID study) {
        Map<String, List<Long>> leaves = new LinkedHashMap<>();
        query.list(LEAVES, row -> Map.entry(row.getString("arm"), seeds(row.getArray("seeds"))), study)
                .forEach(arm -> leaves.put(arm.getKey(), arm.getValue()));
        return leaves;
    }

    private static List<Long> seeds(Array seeds) throws SQLException {
        return Arrays.stream((Object[]) seeds.getArray())
                .map(seed -> ((Number) seed).longValue())
                .toList();
    }
}
