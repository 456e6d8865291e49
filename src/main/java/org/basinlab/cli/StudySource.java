package org.basinlab.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import org.basinlab.study.RunSettings;
import org.basinlab.study.ShippedStudies;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;

/**
 * The text of a specification and where it comes from.
 *
 * @param name for messages
 */
record StudySource(String name, String text) {

    private static final long MOST_BYTES = 1 << 20;

    /** A file, or the name of a shipped study; a file goes first where both exist. */
    static StudySource find(String fileOrName) {
        Path file = Path.of(fileOrName);
        if (Files.isRegularFile(file)) {
            return new StudySource(fileOrName, read(file));
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("STUDY must be a YAML file, %s is a folder".formatted(fileOrName));
        }
        Optional<String> shipped = ShippedStudies.find(fileOrName);
        return shipped.map(text -> new StudySource(fileOrName + ".yaml", text))
                .orElseThrow(() -> new UsageException("STUDY must be a YAML file or one of %s, was '%s': no such file"
                        .formatted(String.join(", ", ShippedStudies.names()), fileOrName)));
    }

    Study parse() {
        return StudyFile.read(text, name);
    }

    /** How it is to be run. */
    RunSettings settings() {
        return StudyFile.settings(text, name);
    }

    private static String read(Path file) {
        try {
            long bytes = Files.size(file);
            if (bytes > MOST_BYTES) {
                throw new UsageException("%s must have at most %d bytes, has %d".formatted(file, MOST_BYTES, bytes));
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new UsageException("%s must be UTF-8 text, it is not".formatted(file), e);
        } catch (IOException e) {
            throw new UsageException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** The names of the shipped studies, for help and completion. */
    static final class Shipped extends ArrayList<String> {
        Shipped() {
            super(ShippedStudies.names());
        }
    }
}
