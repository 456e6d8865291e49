package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.TaskKey;
import org.basinlab.workflow.TaskNeeds;
import org.basinlab.workflow.TaskSpec;

/** Writes the tasks of a plan in few statements, some thousand rows each. */
@ApplicationScoped
class PlanWriter {

    private static final int ROWS_A_STATEMENT = 5_000;

    private static final String TASKS = """
            INSERT INTO ledger.task (id, study_id, version, ordinal, kind, parameters, data_digest, key, arm, scheme, stage,
                                     group_size, group_id, matching, variant, seed, flops, shape, memory_bytes)
            SELECT id, ?, ?, ordinal, kind, CAST(parameters AS jsonb), data_digest, key, arm, scheme, stage,
                   group_size, group_id, matching, variant, seed, flops, shape, memory
              FROM UNNEST(?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[],
                          ?::int[], ?::int[], ?::text[], ?::text[], ?::bigint[], ?::float8[], ?::text[], ?::int8[])
                AS t (id, ordinal, kind, parameters, data_digest, key, arm, scheme, stage,
                      group_size, group_id, matching, variant, seed, flops, shape, memory)
            """;

    private static final String INPUTS = """
            INSERT INTO ledger.task_input (task_id, position, input_task_id)
            SELECT * FROM UNNEST(?::uuid[], ?::int[], ?::uuid[])
            """;

    /** A device is asked for by the study's settings, and only by tasks that compute networks. */
    private static final String QUEUE = """
            INSERT INTO ledger.task_queue (task_id, study_id, state, missing, queued_at, ordinal, run_at, ready_at,
                                           shape, device, memory_bytes)
            SELECT t.id, s.id, CASE WHEN t.missing > 0 THEN 'WAITING' ELSE 'READY' END, t.missing, now(), t.ordinal, now(),
                   CASE WHEN t.missing = 0 THEN now() END,
                   t.shape, CASE WHEN t.computes THEN coalesce(s.settings ->> 'device', 'any') ELSE 'any' END, t.memory
              FROM ledger.study s
             CROSS JOIN UNNEST(?::uuid[], ?::int[], ?::int[], ?::text[], ?::boolean[], ?::int8[])
                AS t (id, missing, ordinal, shape, computes, memory)
             WHERE s.id = ?
            """;

    private final DataSource database;

    PlanWriter(DataSource database) {
        this.database = database;
    }

    /** Part of the caller's transaction. */
    void write(UUID study, int version, Plan plan, Map<KnownDataset, DataFacts> data) {
        List<UUID> ids = plan.tasks().stream().map(task -> UUID.randomUUID()).toList();
        List<TaskNeeds> needs = TaskNeeds.of(plan.tasks());
        try (Connection connection = database.getConnection()) {
            for (int from = 0; from < ids.size(); from += ROWS_A_STATEMENT) {
                List<PlannedTask> some = plan.tasks().subList(from, Math.min(ids.size(), from + ROWS_A_STATEMENT));
                writeTasks(connection, study, version, some, ids, needs, data);
                writeInputs(connection, some, ids);
                writeQueue(connection, study, some, ids, needs);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot write the plan of study %s: %s".formatted(study, e.getMessage()), e);
        }
    }

    private static Optional<String> digest(PlannedTask task, Map<KnownDataset, DataFacts> data) {
        return task.spec().data().map(reference -> data.get(reference.name())).map(DataFacts::digest);
    }

    private static boolean isJudge(PlannedTask task) {
        return task.spec().kind() == TaskSpec.Kind.JUDGE;
    }

    /** What a judge waits for is no task: the settlement of its study releases it. */
    private static int missing(PlannedTask task) {
        return isJudge(task) ? 1 : (int) task.inputs().stream().distinct().count();
    }

    private static void writeTasks(
            Connection connection,
            UUID study,
            int version,
            List<PlannedTask> tasks,
            List<UUID> ids,
            List<TaskNeeds> needs,
            Map<KnownDataset, DataFacts> data)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(TASKS)) {
            insert.setObject(1, study);
            insert.setInt(2, version);
            Columns<PlannedTask> columns = new Columns<>(connection, insert, 3, tasks);
            columns.add("uuid", task -> ids.get(task.ordinal()));
            columns.add("int4", PlannedTask::ordinal);
            columns.add("text", task -> task.spec().kind().label());
            columns.add("text", task -> CanonicalJson.write(task.spec()));
            columns.add("text", task -> digest(task, data).orElse(null));
            // A task without inputs is known in full from the start; a judge looks at its study, which nothing else is
            // equal to.
            columns.add(
                    "text",
                    task -> task.inputs().isEmpty() && !isJudge(task)
                            ? TaskKey.of(task.spec(), List.of(), digest(task, data))
                            : null);
            columns.add("text", task -> task.placement().arm());
            columns.add("text", task -> task.placement().scheme());
            columns.add("int4", task -> Columns.orNull(task.placement().stage()));
            columns.add("int4", task -> task.placement().groupSize());
            columns.add("int4", task -> task.placement().groupId());
            columns.add("text", task -> task.placement().matching());
            columns.add("text", task -> task.placement().variant());
            columns.add("int8", task -> Columns.orNull(task.placement().seed()));
            columns.add("float8", PlannedTask::flops);
            columns.add("text", task -> needs.get(task.ordinal()).shape());
            columns.add("int8", task -> needs.get(task.ordinal()).memoryBytes());
            insert.executeUpdate();
        }
    }

    private static void writeInputs(Connection connection, List<PlannedTask> tasks, List<UUID> ids)
            throws SQLException {
        List<UUID> of = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        List<UUID> inputs = new ArrayList<>();
        for (PlannedTask task : tasks) {
            IntStream.range(0, task.inputs().size()).forEach(position -> {
                of.add(ids.get(task.ordinal()));
                positions.add(position);
                inputs.add(ids.get(task.inputs().get(position)));
            });
        }
        try (PreparedStatement insert = connection.prepareStatement(INPUTS)) {
            insert.setArray(1, connection.createArrayOf("uuid", of.toArray()));
            insert.setArray(2, connection.createArrayOf("int4", positions.toArray()));
            insert.setArray(3, connection.createArrayOf("uuid", inputs.toArray()));
            insert.executeUpdate();
        }
    }

    private static void writeQueue(
            Connection connection, UUID study, List<PlannedTask> tasks, List<UUID> ids, List<TaskNeeds> needs)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(QUEUE)) {
            Columns<PlannedTask> columns = new Columns<>(connection, insert, 1, tasks);
            columns.add("uuid", task -> ids.get(task.ordinal()));
            columns.add("int4", PlanWriter::missing);
            columns.add("int4", PlannedTask::ordinal);
            columns.add("text", task -> needs.get(task.ordinal()).shape());
            columns.add("bool", task -> !isJudge(task));
            columns.add("int8", task -> needs.get(task.ordinal()).memoryBytes());
            insert.setObject(7, study);
            insert.executeUpdate();
        }
    }
}
