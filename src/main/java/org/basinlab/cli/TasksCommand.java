package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinlab.api.TaskBody;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.basinlab.workflow.TaskState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab tasks}: the tasks of a study, or one task in full, as they are or while they run. */
@Command(
        name = "tasks",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the tasks of a study in a table, or one task in full: its state and why, whether earlier work was used for it,"
                    + " its attempts, and what they said.",
            "With --follow it prints what happens until the end; then the exit code is that of run: 0 if it succeeded, 1 if"
                    + " something failed or was cancelled."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab tasks quickstart",
            "  basinlab tasks quickstart --state failed",
            "  basinlab tasks 5f3a --kind train --json",
            "  basinlab tasks 81d2c07e              # one task in full",
            "  basinlab tasks quickstart --follow",
            "  basinlab tasks 5f3a --follow --server http://lab:8080"
        })
final class TasksCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ID",
            description =
                    "A study: its id, the beginning of it, or its name (then the newest). Or a task: its id or the beginning of it.")
    private String id;

    @Option(
            names = "--state",
            paramLabel = "S",
            description = "Only tasks in this state: waiting, ready, leased, succeeded, failed, blocked or cancelled.")
    private @Nullable String state;

    @Option(
            names = "--kind",
            paramLabel = "K",
            description = "Only tasks of this kind: train, merge, control, evaluate, judge, ….")
    private @Nullable String kind;

    @Option(names = "--follow", description = "Print what happens, until the end.")
    private boolean follow;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Optional<TaskState> onlyState =
                choice("--state", state, TaskState.values(), one -> one.name().toLowerCase(Locale.ROOT));
        Optional<TaskSpec.Kind> onlyKind = choice("--kind", kind, TaskSpec.Kind.values(), TaskSpec.Kind::label);
        boolean filtered = onlyState.isPresent() || onlyKind.isPresent();
        if (follow && filtered) {
            throw new UsageException("--follow must come without --state and --kind, it shows everything");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            Meaning.Thing thing = Meaning.thing(desk, id);
            if (thing instanceof Meaning.Thing.OfStudy study) {
                return follow
                        ? followStudy(desk, study.study(), out)
                        : list(desk.tasks(study.study().id(), onlyState, onlyKind), out);
            }
            if (filtered) {
                throw new UsageException("--state and --kind must come with a study, '%s' is a task".formatted(id));
            }
            TaskView task = ((Meaning.Thing.OfTask) thing).task();
            return follow ? followTask(desk, task, out) : card(desk, task.id(), out);
        }
    }

    private static <T> Optional<T> choice(
            String option, @Nullable String given, T[] values, Function<T, String> label) {
        if (given == null) {
            return Optional.empty();
        }
        List<String> labels = Arrays.stream(values).map(label).toList();
        return Optional.of(Arrays.stream(values)
                .filter(value -> label.apply(value).equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> new UsageException("%s must be one of %s, was '%s'%s"
                        .formatted(option, String.join(", ", labels), given, Spelling.question(given, labels)))));
    }

    private int list(List<TaskView> tasks, PrintWriter out) {
        if (shared.json()) {
            out.println(CanonicalJson.write(tasks));
        } else if (tasks.isEmpty()) {
            out.println("no such tasks");
        } else {
            new TaskTable(tasks).print(out);
            out.println(tasks.stream()
                    .collect(Collectors.groupingBy(
                            task -> task.state().toLowerCase(Locale.ROOT), TreeMap::new, Collectors.counting()))
                    .entrySet()
                    .stream()
                    .map(one -> one.getValue() + " " + one.getKey())
                    .collect(Collectors.joining(", ")));
        }
        return ExitCode.DONE;
    }

    private int card(Desk desk, UUID task, PrintWriter out) {
        TaskBody body = desk.task(task);
        List<TaskLogLine> log = desk.log(task);
        if (shared.json()) {
            out.println(CanonicalJson.write(Map.of("task", body, "log", log)));
        } else {
            new TaskCardText(body, log).print(out);
        }
        return ExitCode.DONE;
    }

    private int followStudy(Desk desk, StudyView study, PrintWriter out) throws InterruptedException {
        Following following = new Following(out, shared.json(), Optional.empty());
        desk.follow(study.id(), following);
        return following.exitCode();
    }

    private int followTask(Desk desk, TaskView task, PrintWriter out) throws InterruptedException {
        Following following = new Following(out, shared.json(), Optional.of(task.id()));
        List<TaskLogLine> log = desk.log(task.id());
        if (!shared.json()) {
            new TaskCardText(desk.task(task.id()), log).print(out);
            out.println();
            following.knows(log);
        }
        desk.follow(task.studyId(), new Desk.Watcher() {
            private boolean looked;

            @Override
            public boolean see(StudyWatch.Look look) {
                if (!looked) {
                    // It may have ended between the first question and the beginning of the stream.
                    looked = true;
                    following.knows(desk.task(task.id()).task());
                }
                return following.see(look);
            }
        });
        return following.exitCode();
    }
}
