package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** Puts the states of their tasks to studies: one statement, however many studies they are. */
final class StudyStates {

    /** On the tables: the view looks the newest attempt of every task up, which nobody counts here. */
    private static final String STATES = """
            SELECT t.study_id,
                   coalesce(t.outcome, q.state) AS state,
                   count(*) AS tasks,
                   count(t.reused_from) AS reused
              FROM ledger.task t
              LEFT JOIN ledger.task_queue q ON q.task_id = t.id
             WHERE t.study_id = ANY (CAST(? AS uuid[]))
             GROUP BY t.study_id, coalesce(t.outcome, q.state)
            """;

    private final Query query;

    StudyStates(Query query) {
        this.query = query;
    }

    /** A row of {@code results.studies}, its tasks not counted yet. */
    static StudyView bare(ResultSet row) throws SQLException {
        return new StudyView(
                Query.uuid(row, "id"),
                row.getString("name"),
                Query.optionalText(row, "paper"),
                row.getLong("seed"),
                row.getString("state"),
                row.getInt("version"),
                row.getInt("tasks"),
                Map.of(),
                0,
                Query.instant(row, "created_at"),
                Query.optionalInstant(row, "started_at"),
                Query.optionalInstant(row, "finished_at"),
                Query.optionalText(row, "bundle"),
                row.getBoolean("partial"),
                row.getInt("priority"),
                Query.optionalInt(row, "max_running"));
    }

    /** The same studies in the same order, their tasks counted. */
    List<StudyView> count(List<StudyView> bare) {
        String ids = bare.stream().map(view -> view.id().toString()).collect(Collectors.joining(",", "{", "}"));
        Map<UUID, Map<String, Integer>> states = new HashMap<>();
        Map<UUID, Integer> reused = new HashMap<>();
        query.list(
                STATES,
                row -> {
                    UUID study = Query.uuid(row, "study_id");
                    states.computeIfAbsent(study, key -> new TreeMap<>())
                            .put(row.getString("state"), row.getInt("tasks"));
                    return reused.merge(study, row.getInt("reused"), Integer::sum);
                },
                ids);
        return bare.stream()
                .map(view -> view.counted(
                        states.getOrDefault(view.id(), Map.of()),
                        Optional.ofNullable(reused.get(view.id())).orElse(0)))
                .toList();
    }
}
