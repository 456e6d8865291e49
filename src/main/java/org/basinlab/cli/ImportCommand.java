package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.basinlab.bundle.BundleImport;
import org.basinlab.ledger.SchemaVersion;
import org.basinlab.recipe.CanonicalJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab import}: a study out of a bundle, to be read. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Reads a study that basinlab export wrote into the store, all of it or nothing; every file is verified before.",
            "It can be looked at and asked like any other; it is not continued, and no other study takes its results over."
        },
        footer = {"", "Examples:", "  basinlab import study.zip", "  basinlab import study.zip --json"})
final class ImportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "BUNDLE", description = "A file that basinlab export wrote.")
    private Path path;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (Store store = Store.open(shared, err::println);
                ProgressLine progress = new ProgressLine("importing", err)) {
            BundleImport imports = new BundleImport(store.dataSource());
            if (!SchemaVersion.isCurrent(store.dataSource())) {
                FreshStore.prepare(shared);
            }
            BundleImport.Imported imported = imports.take(path, progress);
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(imported));
            } else if (imported.before()) {
                out.println("%s (study %s) is there already; nothing was changed"
                        .formatted(imported.name(), imported.study()));
            } else {
                out.println("%s (study %s): %d tasks, %d metrics, %d outcomes, %d checkpoints; bundle %s"
                        .formatted(
                                imported.name(),
                                imported.study(),
                                imported.rows().get("tasks"),
                                imported.rows().get("metrics"),
                                imported.rows().get("outcomes"),
                                imported.checkpoints(),
                                imported.sha256()));
            }
            return ExitCode.DONE;
        }
    }
}
