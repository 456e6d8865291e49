package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskProgress;
import org.basinlab.ledger.TaskView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.StudyState;
import org.basinlab.workflow.TaskState;

/**
 * Prints what happens to a study, or to one task of it, until its end: a line for each thing, or with {@code --json} a document a
 * line.
 */
final class Following implements Desk.Watcher {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** Progress below that is not worth a line. */
    private static final double STEP = 0.1;

    private static final Set<TaskState> ENDS =
            Set.of(TaskState.SUCCEEDED, TaskState.FAILED, TaskState.BLOCKED, TaskState.CANCELLED);

    private final PrintWriter out;
    private final boolean json;
    private final Optional<UUID> only;
    private final Map<UUID, String> names = new HashMap<>();
    private final Map<UUID, Double> shown = new HashMap<>();
    private final Set<List<Object>> lines = new HashSet<>();
    private final Set<List<Object>> changes = new HashSet<>();
    private String state = "";
    private boolean ended;

    /** @param only of this task alone; of the whole study where absent */
    Following(PrintWriter out, boolean json, Optional<UUID> only) {
        this.out = out;
        this.json = json;
        this.only = only;
    }

    /** As {@code run} ends: done where all of it succeeded. */
    int exitCode() {
        return state.equals("SUCCEEDED") ? ExitCode.DONE : ExitCode.SOMETHING_FAILED;
    }

    /** Lines that are known already are not said again. */
    void knows(List<TaskLogLine> log) {
        log.forEach(line -> lines.add(name(line)));
    }

    void knows(TaskView task) {
        names.put(task.id(), label(task));
        if (only.isPresent()) {
            state = task.state();
            ended = ENDS.contains(TaskState.valueOf(task.state()));
        }
    }

    @Override
    public boolean see(StudyWatch.Look look) {
        look.tasks().forEach(task -> names.put(task.id(), label(task)));
        for (Record thing : look.inOrder()) {
            if (thing instanceof TaskLogLine line) {
                say(line);
            } else if (thing instanceof TaskView task) {
                say(task, look.until());
            }
        }
        look.progress().stream().filter(one -> isWanted(one.task())).forEach(this::say);
        look.study().ifPresent(study -> say(study, look.until()));
        out.flush();
        return ended;
    }

    private boolean isWanted(UUID task) {
        return only.isEmpty() || only.get().equals(task);
    }

    private void say(TaskLogLine line) {
        if (!isWanted(line.task()) || !lines.add(name(line))) {
            return;
        }
        if (json) {
            document("log", line);
            return;
        }
        String level = line.level().equals("info") ? "" : line.level() + ": ";
        out.println("%s  %s | %s%s".formatted(clock(line.at()), name(line.task()), level, line.message()));
    }

    private void say(TaskProgress progress) {
        double before = shown.getOrDefault(progress.task(), 0.0);
        if (json) {
            document("progress", progress);
        } else if (progress.progress() >= before + STEP || progress.progress() < before) {
            shown.put(progress.task(), progress.progress());
            out.println(String.format(
                    Locale.ROOT, "          %s  %.0f %%", name(progress.task()), 100 * progress.progress()));
        }
    }

    private void say(TaskView task, Instant until) {
        if (!isWanted(task.id())) {
            return;
        }
        if (only.isPresent()) {
            state = task.state();
            ended = ENDS.contains(TaskState.valueOf(task.state()));
        }
        boolean isNews = task.changedAt().isEmpty()
                || changes.add(List.of(task.id(), task.state(), task.changedAt().get()));
        if (!isNews) {
            return;
        }
        if (json) {
            document("task", task);
            return;
        }
        shown.remove(task.id());
        String where = task.state().equals("LEASED")
                ? task.worker().map(host -> " on " + host).orElse("")
                : task.reusedFrom().isPresent() ? " (reused)" : "";
        String attempt =
                task.attempts().orElse(0) > 1 ? ", attempt " + task.attempts().getAsInt() : "";
        String reason = task.reason().map(why -> ": " + why).orElse("");
        out.println("%s  %s  %s%s%s%s"
                .formatted(
                        clock(task.changedAt().orElse(until)),
                        label(task),
                        task.state().toLowerCase(Locale.ROOT),
                        where,
                        attempt,
                        reason));
    }

    private void say(StudyView study, Instant until) {
        boolean changed = !study.state().equals(state);
        if (only.isEmpty()) {
            state = study.state();
            ended = StudyState.valueOf(study.state()).isTerminal();
        } else if (StudyState.valueOf(study.state()).isTerminal()) {
            ended = true;
        }
        if (json) {
            document("study", study);
        } else if (only.isEmpty() && changed) {
            out.println("%s  %s %s: %s"
                    .formatted(
                            clock(study.finishedAt().orElse(until)),
                            study.name(),
                            study.state().toLowerCase(Locale.ROOT),
                            counts(study)));
        }
    }

    static String counts(StudyView study) {
        return "%d tasks, %s"
                .formatted(
                        study.tasks(),
                        study.tasksByState().entrySet().stream()
                                .map(one -> "%d %s"
                                        .formatted(one.getValue(), one.getKey().toLowerCase(Locale.ROOT)))
                                .collect(Collectors.joining(", ")));
    }

    private void document(String event, Object data) {
        out.println(CanonicalJson.write(Map.of("event", event, "data", data)));
    }

    private String name(UUID task) {
        return names.getOrDefault(task, "task " + task.toString().substring(0, 8));
    }

    private static List<Object> name(TaskLogLine line) {
        return List.of(line.task(), line.attempt(), line.line());
    }

    static String label(TaskView task) {
        return "%s %s %s/%s %d"
                .formatted(
                        task.id().toString().substring(0, 8),
                        task.kind(),
                        task.arm(),
                        task.variant().isEmpty() ? task.scheme() : task.scheme() + " " + task.variant(),
                        task.groupId());
    }

    private static String clock(Instant at) {
        return CLOCK.format(ZonedDateTime.ofInstant(at, ZoneId.systemDefault()));
    }
}
