package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.basinlab.bundle.BundleExport;
import org.basinlab.bundle.Contents;
import org.basinlab.ledger.Reports;
import org.basinlab.recipe.CanonicalJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab export}: a study as one file. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a study that has ended as one zip file (a Workflow Run RO-Crate): specification, tasks, lineage, metrics and"
                    + " outcomes as Parquet and CSV, verdicts with their SQL, environments; every file with its SHA-256.",
            "basinlab import reads it into another store."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab export quickstart --out quickstart.zip",
            "  basinlab export 5f3a --out study.zip --checkpoints",
            "  basinlab export 5f3a --out small.zip --outcomes cited --no-csv"
        })
final class ExportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Option(
            names = "--out",
            paramLabel = "BUNDLE",
            required = true,
            description = "The file; appears when it is whole.")
    private Path out;

    @Option(names = "--force", description = "Lets --out replace a file.")
    private boolean force;

    @Option(names = "--checkpoints", description = "With the bytes of all its networks that the store has.")
    private boolean checkpoints;

    @Option(
            names = "--outcomes",
            paramLabel = "all|cited|none",
            defaultValue = "all",
            description =
                    "Which outcomes of single images (default: ${DEFAULT-VALUE}); cited: of test accuracy, FGSM in pixels,"
                            + " DeepFool's L2 distances, and what a primary specification of its claims names.")
    private Contents.Outcomes outcomes;

    @Option(names = "--no-csv", description = "Tables as Parquet only.")
    private boolean noCsv;

    @Option(names = "--no-permutations", description = "Lineage without the permutations of merges.")
    private boolean noPermutations;

    @Option(
            names = "--licence",
            paramLabel = "L",
            defaultValue = Contents.LICENCE,
            description =
                    "Under which the results may be used, an SPDX identifier or an address (default: ${DEFAULT-VALUE}).")
    private String licence;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    /** What is printed with {@code --json}. */
    private record Exported(
            String study, UUID id, String out, long bytes, int members, Map<String, Long> rows, int checkpoints) {}

    @Override
    public Integer call() throws java.io.IOException {
        OutputFile file = OutputFile.at(out, force, List.of());
        PrintWriter err = spec.commandLine().getErr();
        try (Store store = Store.open(shared, err::println);
                ProgressLine progress = new ProgressLine("exporting", err)) {
            Reports reports = StoreReports.open(store)
                    .orElseThrow(() ->
                            new UsageException("no study has the id or name '%s': the store is empty".formatted(id)));
            UUID study = StoreReports.getStudy(reports, id);
            Contents contents = new Contents(checkpoints, outcomes, !noPermutations, !noCsv, licence);
            BundleExport export = new BundleExport(store.dataSource(), Version.ofProgram());
            AtomicReference<BundleExport.@Nullable Written> written = new AtomicReference<>();
            file.write(to -> written.set(export.write(study, contents, to, progress)));
            print(study, java.util.Objects.requireNonNull(written.get()));
            return ExitCode.DONE;
        }
    }

    private void print(UUID study, BundleExport.Written written) throws java.io.IOException {
        long bytes = Files.size(out);
        PrintWriter to = spec.commandLine().getOut();
        if (shared.json()) {
            to.println(CanonicalJson.write(new Exported(
                    written.name(),
                    study,
                    out.toString(),
                    bytes,
                    written.members(),
                    written.rows(),
                    written.checkpoints())));
        } else {
            to.println("%s  %s  %s (study %s): %d tasks, %d metrics, %d outcomes, %d checkpoints"
                    .formatted(
                            out,
                            Sizes.bytes(bytes),
                            written.name(),
                            study,
                            written.rows().get("tasks"),
                            written.rows().get("metrics"),
                            written.rows().get("outcomes"),
                            written.checkpoints()));
        }
    }
}
