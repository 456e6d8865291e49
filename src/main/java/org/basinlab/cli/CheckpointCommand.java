package org.basinlab.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointImport;
import org.basinlab.ledger.CheckpointStream;
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
        description = "Takes checkpoints out of the store as safetensors files, and brings files into it.",
        subcommands = {CheckpointCommand.Get.class, CheckpointCommand.Import.class},
        footer = {
            "",
            "Examples:",
            "  basinlab checkpoint get 29b914e9 --out network.safetensors",
            "  basinlab checkpoint import network.safetensors"
        })
final class CheckpointCommand implements Runnable {

    private static final int LEAST_DIGITS = 8;
    private static final int ALL_DIGITS = 64;

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
            String prefix = digits.toLowerCase(Locale.ROOT);
            if (!prefix.matches("[0-9a-f]{%d,%d}".formatted(LEAST_DIGITS, ALL_DIGITS))) {
                throw new UsageException("SHA256 must be %d to %d hexadecimal digits, was '%s'"
                        .formatted(LEAST_DIGITS, ALL_DIGITS, digits));
            }
            OutputFile file = OutputFile.at(out, force, List.of());
            try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
                if (!new CheckpointImport(store.dataSource()).isReady()) {
                    throw new UsageException("no checkpoint begins with %s: the store is empty".formatted(prefix));
                }
                CheckpointStream checkpoints = new CheckpointStream(store.dataSource());
                CheckpointFacts facts = one(checkpoints, prefix);
                file.write(to -> copy(checkpoints, facts, to));
                PrintWriter to = spec.commandLine().getOut();
                to.println(
                        shared.json()
                                ? CanonicalJson.write(new Fetched(facts.sha256(), facts.bytes(), out.toString()))
                                : "%s  %s  sha256 %s".formatted(out, Sizes.bytes(facts.bytes()), facts.sha256()));
                return ExitCode.DONE;
            }
        }

        private static CheckpointFacts one(CheckpointStream checkpoints, String prefix) {
            List<CheckpointFacts> matches = checkpoints.listMatches(prefix, 2);
            if (matches.isEmpty()) {
                throw new UsageException("no checkpoint begins with " + prefix);
            }
            if (matches.size() > 1) {
                throw new UsageException("%s must begin one checkpoint, it begins several: %s, %s …"
                        .formatted(
                                prefix, matches.get(0).sha256(), matches.get(1).sha256()));
            }
            CheckpointFacts facts = matches.get(0);
            if (facts.dropped()) {
                throw new UsageException(
                        "checkpoint %s was given up when its study ended (keep: leaves)".formatted(facts.sha256()));
            }
            return facts;
        }

        /** Chunks are verified one by one; that they are all, and in their order, only the whole can tell. */
        private static void copy(CheckpointStream checkpoints, CheckpointFacts facts, OutputStream out)
                throws IOException {
            MessageDigest digest = Digests.sha256();
            checkpoints.write(facts.sha256(), 0, facts.bytes(), new DigestOutputStream(out, digest));
            String found = Digests.hex(digest.digest());
            if (!found.equals(facts.sha256())) {
                throw new UnusableException("checkpoint %s is damaged: the SHA-256 of its chunks together is %s"
                        .formatted(facts.sha256(), found));
            }
        }
    }

    /** {@code basinlab checkpoint import}. */
    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Brings a network in a safetensors file into the store, byte by byte as it is, and prints its SHA-256.",
                "What is there already is left as it is."
            },
            footer = {
                "",
                "Examples:",
                "  basinlab checkpoint import network.safetensors",
                "  basinlab checkpoint import network.safetensors --json"
            })
    static final class Import implements Callable<Integer> {

        @Parameters(paramLabel = "F", description = "A safetensors file of a known architecture.")
        private Path path;

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
            byte[] bytes = NetworkFile.bytes(path);
            NetworkFile file = NetworkFile.of(path, bytes);
            try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
                CheckpointImport checkpoints = new CheckpointImport(store.dataSource());
                if (!checkpoints.isReady()) {
                    FreshStore.prepare(shared);
                }
                boolean added = checkpoints.add(bytes);
                String architecture = file.weights().architecture().label();
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                        shared.json()
                                ? CanonicalJson.write(new Imported(file.sha256(), bytes.length, architecture, added))
                                : "%s  %s  %s%s"
                                        .formatted(
                                                file.sha256(),
                                                architecture,
                                                Sizes.bytes(bytes.length),
                                                added ? "" : "  (was there already)"));
                return ExitCode.DONE;
            }
        }
    }
}
