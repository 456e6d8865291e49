package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.StudyState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab submit}: a study into the queue, for workers to run. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = {
            "Puts a study into the queue and returns; basinlab serve and basinlab worker run what is there. The same study again is"
                    + " the one that is there, unless --new.",
            "A study with a schedule is put on the list of schedules, and starts when that says."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab submit my-study.yaml",
            "  basinlab submit quickstart --new",
            "  basinlab submit my-study.yaml --server http://lab:8080",
            "  basinlab tasks my-study --follow"
        })
final class SubmitCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            description = "A YAML file, or a shipped study: ${COMPLETION-CANDIDATES}.",
            completionCandidates = StudySource.Shipped.class)
    private String file;

    @Option(
            names = "--new",
            description = "Another study even if the same one is there; finished work is reused all the same.")
    private boolean another;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StudySource source = StudySource.find(file);
        source.parse();
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            Desk.Submitted submitted = desk.submit(source, another);
            submitted.study().ifPresent(study -> print(study, submitted.resumed()));
            submitted.schedule().ifPresent(schedule -> print(schedule, submitted.resumed()));
            return ExitCode.DONE;
        }
    }

    private void print(ScheduleView schedule, boolean before) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(schedule));
            return;
        }
        out.println("%s  %s: fires at '%s' (%s), misfire %s%s"
                .formatted(
                        schedule.id(),
                        schedule.name(),
                        schedule.cron(),
                        schedule.timeZone(),
                        schedule.misfire(),
                        schedule.next().map(next -> ", next " + next).orElse("")));
        if (before) {
            out.println("the same schedule was there before");
        }
        out.println("look at it: basinlab schedules");
        out.println("A server or worker must run when its time comes: basinlab serve, or basinlab worker.");
    }

    private void print(StudyView study, boolean resumed) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(study));
            return;
        }
        String id = study.id().toString().substring(0, 8);
        out.println("%s  %s  %s: %s"
                .formatted(study.id(), study.name(), study.state().toLowerCase(Locale.ROOT), Following.counts(study)));
        boolean ended = StudyState.valueOf(study.state()).isTerminal();
        if (resumed) {
            out.println(
                    ended
                            ? "the same study was run before: --new starts another, which reuses what is finished"
                            : "the same study is in the queue already");
        }
        List<String> advice = ended
                ? List.of("look at it: basinlab study " + id)
                : List.of(
                        "follow it:  basinlab tasks %s --follow".formatted(id),
                        "steer it:   basinlab pause|resume|cancel " + id,
                        "its table:  basinlab study " + id,
                        "Somebody must run it: basinlab serve, or basinlab worker.");
        advice.forEach(out::println);
    }
}
