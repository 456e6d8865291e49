package org.basinlab.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The processor of this machine. */
final class Processor {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Processor() {}

    /** Its own name for itself, or where the system does not tell, its architecture. */
    static String name() {
        if (Files.isReadable(CPU_INFO)) {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                Optional<String> name = lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst();
                if (name.isPresent()) {
                    return name.get();
                }
            } catch (IOException e) {
                return System.getProperty("os.arch") + " (" + CPU_INFO + ": " + e.getMessage() + ")";
            }
        }
        return System.getProperty("os.arch");
    }
}
