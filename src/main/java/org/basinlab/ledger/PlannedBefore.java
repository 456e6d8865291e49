package org.basinlab.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.study.Study;
import org.basinlab.workflow.Placement;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskSpec;

/**
 * A study of the store as it was planned so far, all versions of its plan together.
 *
 * @param version the newest of its plan
 * @param study as of that version
 * @param ids of its tasks that decide no claim, by their index in {@code tasks}
 * @param tasks numbered by their index, older versions first
 * @param nextOrdinal above that of every task, judges included
 * @param data that its tasks read
 */
public record PlannedBefore(
        UUID id,
        StudyState state,
        int version,
        Study study,
        List<UUID> ids,
        List<PlannedTask> tasks,
        int nextOrdinal,
        Map<KnownDataset, DataFacts> data) {

    private static final String HEAD = """
            SELECT s.state, s.bundle IS NOT NULL AS imported, v.version, CAST(v.canonical AS text) AS canonical,
                   (SELECT coalesce(max(t.ordinal), -1) + 1 FROM ledger.task t WHERE t.study_id = s.id) AS next_ordinal
              FROM ledger.study s
              JOIN ledger.study_version v ON v.study_id = s.id
             WHERE s.id = ?
             ORDER BY v.version DESC
             LIMIT 1
            """;

    private static final String TASKS = """
            SELECT t.id, CAST(t.parameters AS text) AS parameters, t.arm, t.scheme, t.stage, t.group_size, t.group_id,
                   t.matching, t.variant, t.seed, t.flops,
                   ARRAY(SELECT CAST(i.input_task_id AS text)
                           FROM ledger.task_input i
                          WHERE i.task_id = t.id
                          ORDER BY i.position) AS inputs
              FROM ledger.task t
             WHERE t.study_id = ?
               AND t.kind <> 'judge'
             ORDER BY t.version, t.ordinal
            """;

    private static final String DATA = """
            SELECT d.digest, d.name, d.official, d.train_images, d.test_images
              FROM ledger.dataset d
             WHERE d.digest IN (SELECT t.data_digest FROM ledger.task t WHERE t.study_id = ?)
            """;

    public PlannedBefore {
        ids = List.copyOf(ids);
        tasks = List.copyOf(tasks);
        data = Map.copyOf(data);
    }

    /** @throws ControlRefusedException if there is no such study, or it came in a bundle or was cancelled */
    static PlannedBefore read(Query query, UUID id) {
        PlannedBefore head = query.find(HEAD, row -> head(row, id), id)
                .orElseThrow(() -> new ControlRefusedException(
                        ControlRefusedException.Why.UNKNOWN, "no study has the id %s".formatted(id)));
        Tasks tasks = new Tasks();
        query.list(TASKS, tasks::add, id);
        Map<KnownDataset, DataFacts> data = new EnumMap<>(KnownDataset.class);
        query.list(DATA, PlannedBefore::facts, id).forEach(facts -> data.put(facts.name(), facts));
        return new PlannedBefore(
                id, head.state, head.version, head.study, tasks.ids, tasks.tasks, head.nextOrdinal, data);
    }

    private static PlannedBefore head(ResultSet row, UUID id) throws SQLException {
        if (row.getBoolean("imported")) {
            throw new ControlRefusedException(
                    ControlRefusedException.Why.STATE,
                    "study %s came in a bundle: it is read, and nothing of it is run here".formatted(id));
        }
        StudyState state = StudyState.valueOf(row.getString("state"));
        requireExtendable(id, state);
        return new PlannedBefore(
                id,
                state,
                row.getInt("version"),
                CanonicalJson.read(row.getString("canonical"), Study.class),
                List.of(),
                List.of(),
                row.getInt("next_ordinal"),
                Map.of());
    }

    static void requireExtendable(UUID id, StudyState state) {
        if (state == StudyState.CANCELLED) {
            throw new ControlRefusedException(
                    ControlRefusedException.Why.STATE,
                    "a study that was cancelled cannot be extended, %s was: submit the larger one, what is finished is used"
                            .formatted(id));
        }
    }

    private static DataFacts facts(ResultSet row) throws SQLException {
        String name = row.getString("name");
        for (KnownDataset known : KnownDataset.values()) {
            if (known.label().equals(name)) {
                return new DataFacts(
                        known,
                        row.getString("digest"),
                        row.getBoolean("official"),
                        row.getInt("train_images"),
                        row.getInt("test_images"));
            }
        }
        throw new IllegalStateException("this program does not know the data set " + name);
    }

    /** The rows so far. */
    private static final class Tasks {

        private final List<UUID> ids = new ArrayList<>();
        private final List<PlannedTask> tasks = new ArrayList<>();
        private final Map<String, Integer> indices = new HashMap<>();

        private boolean add(ResultSet row) throws SQLException {
            UUID id = Query.uuid(row, "id");
            List<Integer> inputs = new ArrayList<>();
            for (String input : (String[]) row.getArray("inputs").getArray()) {
                inputs.add(Optional.ofNullable(indices.get(input))
                        .orElseThrow(() -> new IllegalStateException(
                                "task %s must come after its input %s".formatted(id, input))));
            }
            indices.put(id.toString(), tasks.size());
            ids.add(id);
            return tasks.add(new PlannedTask(
                    tasks.size(),
                    CanonicalJson.read(row.getString("parameters"), TaskSpec.class),
                    inputs,
                    placement(row),
                    row.getDouble("flops")));
        }

        private static Placement placement(ResultSet row) throws SQLException {
            OptionalInt stage = Query.optionalInt(row, "stage");
            OptionalLong seed = Query.optionalLong(row, "seed");
            return new Placement(
                    row.getString("arm"),
                    row.getString("scheme"),
                    stage,
                    row.getInt("group_size"),
                    row.getInt("group_id"),
                    row.getString("matching"),
                    row.getString("variant"),
                    seed);
        }
    }
}
