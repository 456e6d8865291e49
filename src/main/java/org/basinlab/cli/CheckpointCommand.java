package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointImport;
import org.basinlab.ledger.CheckpointStream;
import org.basinlab.ledger.SchemaVersion;
import org.basinlab.network.Dl4j;
import org.basinlab.network.Safetensors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Digests;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab checkpoint}: network files out of and into the store. */
@Command(
        name = "checkpoint",
        mixinStandardHelpOptions = true,
        description = {
            "Takes checkpoints out of the store as safetensors files, brings files into it (get, import), finds those that are damaged,"
                    + " and computes them again (verify, restore)."
        },
        subcommands = {
            CheckpointCommand.Get.class,
            CheckpointCommand.Import.class,
            CheckpointVerifyCommand.class,
            CheckpointRestoreCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  basinlab checkpoint get 29b914e9 --out network.safetensors",
            "  basinlab checkpoint import network.safetensors",
            "  basinlab checkpoint verify",
            "  basinlab checkpoint restore 29b914e9"
        })
final class CheckpointCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** {@code basinlab checkpoint get}. */
    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            description = "Writes a checkpoint of the store to a file; every byte is held against the SHA-256.",
            footer = {
                "",
                "Examples:",
                "  basinlab checkpoint get 29b914e9 --out network.safetensors",
                "  basinlab sql \"SELECT scheme, stage, sha256 FROM results.networks\""
            })
    static final class Get implements Callable<Integer> {

        @Parameters(paramLabel = "SHA256", description = "The digest, or its first 8 digits or more.")
        private String digits;

        @Option(names = "--out", paramLabel = "F", required = true, description = "The file; appears when it is whole.")
        private Path out;

        @Option(names = "--force", description = "Lets --out replace a file.")
        private boolean force;

        @Mixin
        private SharedOptions shared;

        @Spec
        private CommandSpec spec;

        /** What is printed with {@code --json}. */
        private record Fetched(String sha256, long bytes, String out) {}

        @Override
        public Integer call() {
            StoredDigits wanted = StoredDigits.of(digits);
            OutputFile file = OutputFile.at(out, force, List.of());
            try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
                CheckpointFacts facts = wanted.find(store.dataSource());
                if (facts.dropped()) {
                    throw new UsageException(
                            "checkpoint %s was given up when its study ended (keep: leaves); `basinlab checkpoint restore %s` computes it again"
                                    .formatted(facts.sha256(), facts.sha256()));
                }
                file.write(to -> new CheckpointStream(store.dataSource()).copy(facts, to));
                PrintWriter to = spec.commandLine().getOut();
                to.println(
                        shared.json()
                                ? CanonicalJson.write(new Fetched(facts.sha256(), facts.bytes(), out.toString()))
                                : "%s  %s  sha256 %s".formatted(out, Sizes.bytes(facts.bytes()), facts.sha256()));
                return ExitCode.DONE;
            }
        }
    }

    /** {@code basinlab checkpoint import}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Brings a network in a safetensors file into the store, byte by byte as it is, and prints its SHA-256.",
                "A Deeplearning4j archive, and a file that --names describes, becomes a safetensors file of ours first.",
                "What is there already is left as it is, unless it is noted as damaged."
            },
            footer = {
                "",
                "Examples:",
                "  basinlab checkpoint import network.safetensors",
                "  basinlab checkpoint import network.safetensors --json"
            })
    static final class Import implements Callable<Integer> {

        @Parameters(paramLabel = "F", description = "A network file of a known architecture.")
        private Path path;

        @Mixin
        private NamesOption names;

        @Mixin
        private SharedOptions shared;

        @Spec
        private CommandSpec spec;

        /**
         * What is printed with {@code --json}.
         *
         * @param added whether the store did not hold it yet
         */
        private record Imported(String sha256, long bytes, String architecture, boolean added) {}

        @Override
        public Integer call() {
            byte[] given = NetworkFile.bytes(path);
            NetworkFile file = NetworkFile.of(path, given, names.names());
            byte[] bytes = Dl4j.isArchive(given) || names.isGiven() ? ours(file) : given;
            try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
                CheckpointImport checkpoints = new CheckpointImport(store.dataSource());
                if (!checkpoints.isReady() || (store.isOwn() && !SchemaVersion.isCurrent(store.dataSource()))) {
                    FreshStore.prepare(shared);
                }
                StoreReports.requireCurrent(store);
                boolean added = checkpoints.add(bytes);
                String architecture = file.weights().architecture().label();
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                        shared.json()
                                ? CanonicalJson.write(
                                        new Imported(Digests.of(bytes), bytes.length, architecture, added))
                                : "%s  %s  %s%s"
                                        .formatted(
                                                Digests.of(bytes),
                                                architecture,
                                                Sizes.bytes(bytes.length),
                                                added ? "" : "  (was there already)"));
                return ExitCode.DONE;
            }
        }

        private static byte[] ours(NetworkFile file) {
            Map<String, String> metadata = new TreeMap<>(file.metadata());
            metadata.put(
                    Safetensors.ARCHITECTURE, CanonicalJson.write(file.weights().architecture()));
            return Safetensors.write(file.weights(), metadata);
        }
    }
}
