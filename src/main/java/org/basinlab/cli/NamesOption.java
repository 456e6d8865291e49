package org.basinlab.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.basinlab.recipe.TensorNames;
import org.basinlab.study.NamesFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --names}: what a user says of network files that do not say it themselves. */
final class NamesOption {

    private static final long MOST_BYTES = 1 << 20;

    @Option(
            names = "--names",
            paramLabel = "F.yaml",
            description =
                    "Names of tensors, network, norm and image of files that do not say them themselves (docs/files.md).")
    private @Nullable Path path;

    boolean isGiven() {
        return path != null;
    }

    /** @throws UsageException if the file cannot be read */
    TensorNames names() {
        if (path == null) {
            return TensorNames.NONE;
        }
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new UsageException("%s must have at most %s".formatted(path, Sizes.bytes(MOST_BYTES)));
            }
            return NamesFile.read(Files.readString(path), path.toString());
        } catch (CharacterCodingException e) {
            throw new UsageException("%s must be a text in UTF-8".formatted(path), e);
        } catch (IOException e) {
            throw new UsageException("%s must be a file that can be read: %s".formatted(path, e.getMessage()), e);
        }
    }
}
