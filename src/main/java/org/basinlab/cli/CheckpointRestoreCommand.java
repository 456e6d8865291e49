package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointHealth;
import org.basinlab.ledger.CheckpointOrigin;
import org.basinlab.ledger.LineageMissingException;
import org.basinlab.worker.Restoring;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab checkpoint restore}: the bytes of a checkpoint once more, from its lineage. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Computes a checkpoint that is damaged, or was given up (keep: leaves), again: runs the task that made it on this machine, and"
                    + " before it those of its inputs that are damaged or given up as well.",
            "What comes out is stored if it has the same SHA-256. Otherwise nothing is changed, exit code 1: another engine, kernel or"
                    + " number of threads rounds in another way."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab checkpoint restore 29b914e9",
            "  basinlab checkpoint restore 29b914e9 --engine nd4j --json"
        })
final class CheckpointRestoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SHA256", description = "The digest, or its first 8 digits or more.")
    private String digits;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StoredDigits wanted = StoredDigits.of(digits);
        String sha256;
        try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
            CheckpointFacts facts = wanted.find(store.dataSource());
            StoreReports.requireCurrent(store);
            sha256 = facts.sha256();
            if (new CheckpointHealth(store.dataSource()).examine(facts).state() == CheckpointHealth.State.WHOLE) {
                new RestoreReport(sha256, List.of()).print(spec.commandLine().getOut(), shared.json());
                return ExitCode.DONE;
            }
            if (CheckpointOrigin.find(store.dataSource(), sha256).isEmpty()) {
                throw new LineageMissingException(Restoring.missing(sha256));
            }
        }
        compute.settle();
        // Nothing that waits for time is wanted here.
        System.setProperty("quarkus.scheduler.enabled", "false");
        return new Launch(shared, 1, Optional.empty(), Optional.empty()).start(RestoreApplication.class, sha256);
    }
}
