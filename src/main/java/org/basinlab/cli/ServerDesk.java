package org.basinlab.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.api.TaskBody;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.Controlled;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;
import org.basinlab.study.SeedRange;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.EffectTable;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;

/** A server, over HTTP. */
final class ServerDesk implements Desk {

    /** A new one is 201. */
    private static final int THERE_BEFORE = 200;

    private final ServerCalls calls;
    private final PrintWriter err;

    ServerDesk(ServerCalls calls, PrintWriter err) {
        this.calls = calls;
        this.err = err;
    }

    @Override
    public String address() {
        return calls.address();
    }

    @Override
    public Optional<Store> store() {
        return Optional.empty();
    }

    @Override
    public List<StudyView> studies() {
        return calls.list("/studies", StudyView.class);
    }

    @Override
    public List<StudyView> studiesLike(String idOrName) {
        return calls.list("/studies?match=" + ServerCalls.word(idOrName), StudyView.class);
    }

    @Override
    public List<TaskView> tasksBeginningWith(String beginning) {
        List<TaskView> tasks = new ArrayList<>();
        calls.get("/tasks?beginning=" + ServerCalls.word(beginning))
                .path("items")
                .forEach(item -> tasks.add(ServerCalls.read(item, TaskView.class)));
        return tasks;
    }

    @Override
    public List<ResultRow> table(UUID study) {
        List<ResultRow> rows = new ArrayList<>();
        calls.get("/studies/%s/table".formatted(study))
                .path("rows")
                .forEach(row -> rows.add(ServerCalls.read(row, ResultRow.class)));
        return rows;
    }

    @Override
    public List<ClaimLine> claims(UUID study) {
        return calls.list("/studies/%s/claims".formatted(study), ClaimLine.class);
    }

    @Override
    public EffectTable effects(UUID study) {
        return ServerCalls.read(calls.get("/studies/%s/effects".formatted(study)), EffectTable.class);
    }

    @Override
    public List<TaskView> tasks(UUID study, Optional<TaskState> state, Optional<TaskSpec.Kind> kind) {
        List<String> filters = new ArrayList<>();
        state.ifPresent(one -> filters.add("state=" + one.name()));
        kind.ifPresent(one -> filters.add("kind=" + one.label()));
        String query = filters.isEmpty() ? "" : "?" + String.join("&", filters);
        return calls.list("/studies/%s/tasks%s".formatted(study, query), TaskView.class);
    }

    @Override
    public TaskBody task(UUID task) {
        return TaskBody.read(calls.get("/tasks/" + task), ServerCalls.JSON);
    }

    @Override
    public List<TaskLogLine> log(UUID task) {
        return calls.list("/tasks/%s/log".formatted(task), TaskLogLine.class);
    }

    @Override
    public void follow(UUID study, Watcher watcher) throws InterruptedException {
        new EventStream(calls, "/studies/%s/events".formatted(study), err).read(watcher);
    }

    @Override
    public Controlled steer(Order order, Meaning.Thing target) {
        String things = target instanceof Meaning.Thing.OfTask ? "tasks" : "studies";
        return ServerCalls.read(
                calls.send("POST", "/%s/%s/%s".formatted(things, target.id(), order.label())), Controlled.class);
    }

    @Override
    public StudyView change(UUID study, Settings settings) {
        ObjectNode body = ServerCalls.JSON.createObjectNode();
        settings.priority().ifPresent(priority -> body.put("priority", priority));
        settings.limit()
                .ifPresent(limit -> limit.maxRunning()
                        .ifPresentOrElse(most -> body.put("maxRunning", most), () -> body.putNull("maxRunning")));
        return ServerCalls.read(calls.sendJson("PATCH", "/studies/" + study, body.toString()), StudyView.class);
    }

    @Override
    public Intake.Extended extend(UUID study, SeedRange seeds) {
        ObjectNode body = ServerCalls.JSON.createObjectNode();
        body.putObject("seeds").put("from", seeds.from()).put("count", seeds.count());
        return ServerCalls.read(
                calls.sendJson("POST", "/studies/%s/extend".formatted(study), body.toString()), Intake.Extended.class);
    }

    @Override
    public Submitted submit(StudySource source, boolean another) {
        source.parse();
        ServerCalls.Answer answer = calls.submit(
                source.text(), another ? Optional.of(UUID.randomUUID().toString()) : Optional.empty());
        if (answer.body().has("cron")) {
            ScheduleView schedule = ServerCalls.read(answer.body(), ScheduleView.class);
            return new Submitted(Optional.empty(), Optional.of(schedule), answer.status() == THERE_BEFORE);
        }
        StudyView study = ServerCalls.read(answer.body(), StudyView.class);
        return new Submitted(Optional.of(study), Optional.empty(), answer.status() == THERE_BEFORE);
    }

    @Override
    public List<ScheduleView> schedules() {
        return calls.list("/schedules", ScheduleView.class);
    }

    @Override
    public Optional<ScheduleView> turn(Turn turn, UUID schedule) {
        return switch (turn) {
            case ENABLE ->
                Optional.of(ServerCalls.read(
                        calls.send("POST", "/schedules/%s/enable".formatted(schedule)), ScheduleView.class));
            case DISABLE ->
                Optional.of(ServerCalls.read(
                        calls.send("POST", "/schedules/%s/disable".formatted(schedule)), ScheduleView.class));
            case REMOVE -> {
                calls.send("DELETE", "/schedules/" + schedule);
                yield Optional.empty();
            }
        };
    }

    @Override
    public void close() {
        // Each request stands for itself.
    }
}
