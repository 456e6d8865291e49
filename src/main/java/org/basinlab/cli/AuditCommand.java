package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.basinlab.ledger.Reports;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.workflow.TaskSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab audit}: whether a study's tasks give the same bytes again. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a random sample of a study's finished tasks again on this machine and compares the SHA-256 of networks, and of"
                    + " everything measured but times, with what the store has.",
            "Exit code 1 if any differs that was computed by the same engine and kernel as here."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab audit quickstart",
            "  basinlab audit 5f3a --fraction 0.02 --seed 7 --json"
        })
final class AuditCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Option(
            names = "--fraction",
            paramLabel = "F",
            defaultValue = "0.1",
            description =
                    "Of the tasks that can be run again, above 0, at most 1 (default: ${DEFAULT-VALUE}); rounded up.")
    private double fraction;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed takes the same sample (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many tasks run at a time (default: the cores, 1 on a GPU).")
    private @Nullable Integer workers;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new UsageException("--fraction must lie above 0 and be at most 1, was " + fraction);
        }
        int slots = Launch.slots(workers, 1, compute.usualSlots());
        Audited audited = study();
        if (audited.isProbe()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    shared.json()
                            ? CanonicalJson.write(AuditReport.NOTHING)
                            : "a probe computes nothing, there is nothing to audit");
            return ExitCode.DONE;
        }
        compute.settle();
        // Nothing that waits for time is wanted here.
        System.setProperty("quarkus.scheduler.enabled", "false");
        return new Launch(shared, slots, Optional.empty(), Optional.empty())
                .start(
                        AuditApplication.class,
                        audited.study().toString(),
                        Double.toString(fraction),
                        Long.toString(seed));
    }

    private Audited study() {
        try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
            Reports reports = StoreReports.open(store)
                    .orElseThrow(() ->
                            new UsageException("no study has the id or name '%s': the store is empty".formatted(id)));
            UUID study = StoreReports.getStudy(reports, id);
            return new Audited(
                    study,
                    reports.progress(study).kinds().stream()
                            .allMatch(kind -> kind.kind().equals(TaskSpec.Kind.PROBE.label())));
        }
    }

    private record Audited(UUID study, boolean isProbe) {}
}
