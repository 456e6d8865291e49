package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code basinlab studies}: what is in the store. */
@Command(
        name = "studies",
        mixinStandardHelpOptions = true,
        description = "Lists the studies in the store, the newest first.",
        footer = {
            "",
            "Examples:",
            "  basinlab studies",
            "  basinlab studies --json",
            "  basinlab studies --server http://lab:8080"
        })
final class StudiesCommand implements Callable<Integer> {

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            List<StudyView> studies = desk.studies();
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(studies));
            } else if (studies.isEmpty()) {
                out.println("no studies yet; try: basinlab run quickstart");
            } else {
                print(studies, out);
            }
            return ExitCode.DONE;
        }
    }

    private static void print(List<StudyView> studies, PrintWriter out) {
        boolean brought = studies.stream().anyMatch(study -> study.bundle().isPresent());
        List<String> heads = new ArrayList<>(List.of("id", "study", "state", ">tasks", ">done", ">failed", "created"));
        if (brought) {
            heads.add("from");
        }
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (StudyView study : studies) {
            List<String> row = new ArrayList<>(List.of(
                    study.id().toString(),
                    study.name(),
                    study.state(),
                    Integer.toString(study.tasks()),
                    Integer.toString(study.tasksByState().getOrDefault("SUCCEEDED", 0)),
                    Integer.toString(study.tasksByState().getOrDefault("FAILED", 0)),
                    study.createdAt().truncatedTo(ChronoUnit.SECONDS).toString()));
            if (brought) {
                row.add(from(study));
            }
            table.add(row);
        }
        table.print(out);
    }

    private static String from(StudyView study) {
        String part = study.partial() ? ", a part" : "";
        return study.bundle()
                .map(sha256 -> "bundle " + sha256.substring(0, 8) + part)
                .orElse("here");
    }
}
