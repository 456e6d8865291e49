package org.basinlab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.basinlab.bundle.MarkedText;
import org.basinlab.bundle.Shelf;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code basinlab evidence}: what ships with the program, as the table of the README; for those who work on it. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "Prints the table of claims that the bundles under evidence/ give, or holds a text against it.",
        footer = {
            "",
            "Examples:",
            "  basinlab evidence",
            "  basinlab evidence --index evidence",
            "  basinlab evidence --check README.md",
            "  basinlab evidence --write README.md"
        })
final class EvidenceCommand implements Callable<Integer> {

    @ArgGroup
    private @Nullable Place place;

    @Spec
    private CommandSpec spec;

    /** What to do instead of printing the table. */
    static final class Place {
        @Option(
                names = "--index",
                paramLabel = "FOLDER",
                description = "Verifies the bundles in FOLDER and writes their list, FOLDER/index.json.")
        private @Nullable Path index;

        @Option(
                names = "--check",
                paramLabel = "F",
                description = "Exit code 1 unless the part of F between its marks is the table.")
        private @Nullable Path check;

        @Option(names = "--write", paramLabel = "F", description = "Puts the table between the marks of F.")
        private @Nullable Path write;
    }

    @Override
    public Integer call() throws IOException {
        Path index = place == null ? null : place.index;
        if (index != null) {
            requireFolder(index);
            Files.writeString(index.resolve("index.json"), Shelf.index(index));
            return ExitCode.DONE;
        }
        String table = Shelf.shipped().table();
        PrintWriter out = spec.commandLine().getOut();
        Path check = place == null ? null : place.check;
        Path write = place == null ? null : place.write;
        if (check != null) {
            boolean same = read(check).part().equals(table);
            out.println(
                    same
                            ? "%s has the table of claims that the evidence gives".formatted(check)
                            : "%1$s must have the table of claims that the evidence gives: basinlab evidence --write %1$s puts it there"
                                    .formatted(check));
            return same ? ExitCode.DONE : ExitCode.SOMETHING_FAILED;
        }
        if (write != null) {
            Files.writeString(write, read(write).with(table).whole());
        } else {
            out.print(table);
            out.flush();
        }
        return ExitCode.DONE;
    }

    private static void requireFolder(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UsageException("--index must name a folder, %s is none".formatted(path));
        }
    }

    private static MarkedText read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new UsageException("a text with the table of claims must be a file, %s is none".formatted(path));
        }
        try {
            return new MarkedText(Files.readString(path));
        } catch (IllegalArgumentException e) {
            throw new UsageException("%s: %s".formatted(path, e.getMessage()), e);
        }
    }
}
