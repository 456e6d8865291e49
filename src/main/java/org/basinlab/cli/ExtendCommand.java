package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.SeedRange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab extend}: a study with further networks. */
@Command(
        name = "extend",
        mixinStandardHelpOptions = true,
        description = {
            "Appends trainings with further seeds to a study, and what merges and measures them, as a new version of its plan.",
            "What it had stays as it is. Its claims are judged once more, marked as exploratory: they were seen before."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab extend quickstart --seeds 16:4      # seeds 16, 17, 18 and 19",
            "  basinlab extend 5f3a --seeds 100:16 --server http://lab:8080"
        })
final class ExtendCommand implements Callable<Integer> {

    private static final Pattern SEEDS = Pattern.compile("(\\d{1,16}):(\\d{1,9})");

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Option(
            names = "--seeds",
            paramLabel = "FROM:COUNT",
            required = true,
            description = "The first seed and how many; none of them may be the study's already.")
    private String seeds;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        SeedRange range = range();
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            StudyView study = desk.studyToChange(id);
            Intake.Extended extended = desk.extend(study.id(), range);
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(extended));
            } else {
                out.println("%s (study %s) has version %d: %d tasks are new, %d stay"
                        .formatted(
                                study.name(), extended.study(), extended.version(), extended.added(), extended.kept()));
                out.println("follow it: basinlab tasks %s --follow"
                        .formatted(extended.study().toString().substring(0, 8)));
            }
            return ExitCode.DONE;
        }
    }

    private SeedRange range() {
        Matcher match = SEEDS.matcher(seeds);
        if (!match.matches()) {
            throw new UsageException(
                    "--seeds must be FROM:COUNT, two whole numbers such as 16:4, was '%s'".formatted(seeds));
        }
        try {
            return new SeedRange(Long.parseLong(match.group(1)), Integer.parseInt(match.group(2)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--seeds: " + e.getMessage(), e);
        }
    }
}
