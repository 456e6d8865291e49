package org.basinlab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.basinlab.chaos.ChaosReport;
import org.basinlab.chaos.ChaosRun;
import org.basinlab.chaos.ChaosSettings;
import org.basinlab.recipe.CanonicalJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code basinlab chaos}: whether anything is lost or done twice when things go wrong. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Starts servers, workers and a PostgreSQL of their own in a temporary folder, runs a study on them, and kills,"
                    + " freezes, cuts off and restarts them as the seed says. After each fault the invariants are checked by SQL,"
                    + " and in the end all results are compared with those of an undisturbed run.",
            "Your own store is not touched; the report is kept in it (results.chaos) where there is one. Exit code 1 if anything"
                    + " was lost, done twice or came out otherwise."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab chaos --seed 7 --minutes 20",
            "  basinlab chaos --seed 7 --minutes 20 --study my-study.yaml --workers 3 --json > report.json",
            "  basinlab chaos --seed 7 --minutes 0.5 --lease 6",
            "  basinlab chaos --seed 7 --minutes 20 --dry-run"
        })
final class ChaosCommand implements Callable<Integer> {

    @Option(
            names = "--seed",
            paramLabel = "N",
            required = true,
            description = "The same seed gives the same faults in the same order.")
    private long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            required = true,
            description =
                    "How long faults are injected, above 0; below 3 there are a few quick ones. The end of the work and the"
                            + " undisturbed run come after that.")
    private double minutes;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "3",
            description = "Worker processes of one slot each, at least 2 (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--study",
            paramLabel = "STUDY",
            description =
                    "A YAML file or a shipped study to run (default: a small one on synthetic images, again and again).")
    private @Nullable String study;

    @Option(
            names = "--lease",
            paramLabel = "S",
            defaultValue = "30",
            description = "How long leases last, in seconds in [3, 30]; shorter than what ships (default:"
                    + " ${DEFAULT-VALUE}) makes a short run.")
    private int lease;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Scenarios, or places of killed-at-point, separated by commas; each comes once, whatever the time.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--dry-run", description = "Prints the faults that would come and does nothing.")
    private boolean dryRun;

    @Option(
            names = "--keep",
            paramLabel = "D",
            description =
                    "A new folder for the store and what the processes say, which is kept (default: a temporary one).")
    private @Nullable Path keep;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Optional<String> text = Optional.ofNullable(study)
                .map(StudySource::find)
                .map(source -> {
                    source.parse();
                    return source.text();
                });
        Path folder = folder();
        ChaosSettings settings = settings(text, folder);
        PrintWriter err = spec.commandLine().getErr();
        try {
            ChaosRun run = newRun(settings, err::println);
            PrintWriter heading =
                    shared.json() || !dryRun ? err : spec.commandLine().getOut();
            heading.println("faults of seed %d over %s minutes with %d workers, leases of %d s%s:"
                    .formatted(
                            seed,
                            number(minutes),
                            workers,
                            lease,
                            lease == ChaosSettings.SHIPPED_LEASE_SECONDS ? "" : " (30 ships)"));
            run.planned().forEach(heading::println);
            if (dryRun) {
                return ExitCode.DONE;
            }
            ChaosReport report = run.run();
            print(report);
            ChaosKeeping.keep(report, shared, err::println);
            return report.passed() ? ExitCode.DONE : ExitCode.SOMETHING_FAILED;
        } finally {
            if (keep == null) {
                ChaosKeeping.discard(folder);
            }
        }
    }

    private ChaosRun newRun(ChaosSettings settings, Consumer<String> say) {
        try {
            return new ChaosRun(settings, say, () -> {
                if (keep == null) {
                    ChaosKeeping.discard(settings.folder());
                }
            });
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private ChaosSettings settings(Optional<String> text, Path folder) {
        try {
            return new ChaosSettings(seed, minutes, workers, lease, text, Set.copyOf(only), folder, thisProgram());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Path folder() throws IOException {
        if (keep == null) {
            return Files.createTempDirectory("basinlab-chaos");
        }
        if (Files.exists(keep)) {
            throw new UsageException("--keep must name a new folder, %s is there".formatted(keep));
        }
        return Files.createDirectories(keep).toAbsolutePath();
    }

    private void print(ChaosReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(report));
        } else {
            ChaosTable.print(report, out);
        }
    }

    /** How this very program was started: the same Java, its options and the same jar. */
    private static List<String> thisProgram() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                .forEach(command::add);
        command.add("-jar");
        command.add(
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString());
        return command;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%s", value);
    }
}
