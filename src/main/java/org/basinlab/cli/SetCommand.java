package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab set}: how a study is run. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        description = {
            "Changes how a study is run that is in the store: before which others, and how many of its tasks at a time.",
            "It changes nothing that the study asks or measures."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab set quickstart --priority 10",
            "  basinlab set 5f3a --max-running 4",
            "  basinlab set 5f3a --max-running none --server http://lab:8080"
        })
final class SetCommand implements Callable<Integer> {

    private static final int HIGHEST_PRIORITY = 100;

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Option(
            names = "--priority",
            paramLabel = "P",
            description = "Studies of higher ones go first, in [-100, 100]; 0 unless the study says otherwise.")
    private @Nullable Integer priority;

    @Option(
            names = "--max-running",
            paramLabel = "N|none",
            description = "How many of its tasks run at a time, at least 1; none: as many as there are slots.")
    private @Nullable String maxRunning;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (priority == null && maxRunning == null) {
            throw new UsageException("set must be told --priority or --max-running, was told neither");
        }
        if (priority != null && (priority < -HIGHEST_PRIORITY || priority > HIGHEST_PRIORITY)) {
            throw new UsageException(
                    "--priority must lie in [-%d, %d], was %d".formatted(HIGHEST_PRIORITY, HIGHEST_PRIORITY, priority));
        }
        Desk.Settings settings = new Desk.Settings(
                Optional.ofNullable(priority), Optional.ofNullable(maxRunning).map(SetCommand::limit));
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            StudyView study = desk.change(desk.studyToChange(id).id(), settings);
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(study));
            } else {
                out.println("%s (study %s): priority %d, %s"
                        .formatted(
                                study.name(),
                                study.id(),
                                study.priority(),
                                study.maxRunning().isPresent()
                                        ? atMost(study.maxRunning().getAsInt())
                                        : "as many tasks at a time as there are slots"));
            }
            return ExitCode.DONE;
        }
    }

    private static String atMost(int tasks) {
        return tasks == 1 ? "at most 1 task at a time" : "at most %d tasks at a time".formatted(tasks);
    }

    private static StudyControl.Limit limit(String text) {
        if (text.equals("none")) {
            return new StudyControl.Limit(Optional.empty());
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new UsageException(
                    "--max-running must be a whole number of at least 1, or none, was '%s'".formatted(text));
        }
        return new StudyControl.Limit(Optional.of(Integer.valueOf(text)));
    }
}
