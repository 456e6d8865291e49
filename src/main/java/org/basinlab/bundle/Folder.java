package org.basinlab.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for files in between, gone with all that is in it when it is closed. */
record Folder(Path path) implements AutoCloseable {

    static Folder fresh() throws IOException {
        return new Folder(Files.createTempDirectory("basinlab-bundle").toRealPath());
    }

    Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
