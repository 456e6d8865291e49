package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged program on one data home, as processes of their own. */
record Program(Path folder) {

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();

    private static final long MOST_SECONDS = 180;

    /** What a process did. */
    record Ended(int code, String out, String err) {}

    /** A process that runs. */
    record Running(Process process, Path out, Path err) {

        Ended await() throws Exception {
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            assertThat(ended)
                    .as("ended within %d s: %s", MOST_SECONDS, Files.readString(err))
                    .isTrue();
            return new Ended(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        }

        /** Waits until it has said this on standard error, and gives the first group of it. */
        String awaitWord(String pattern) throws Exception {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
            while (System.nanoTime() < end && process.isAlive()) {
                Optional<String> found = find(pattern);
                if (found.isPresent()) {
                    return found.get();
                }
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
            return find(pattern).orElseThrow(() -> new AssertionError(pattern + " was not said: " + text()));
        }

        private Optional<String> find(String pattern) {
            Matcher match = Pattern.compile(pattern).matcher(text());
            return match.find() ? Optional.of(match.group(match.groupCount())) : Optional.empty();
        }

        private String text() {
            try {
                return Files.readString(err, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    Ended run(String... arguments) throws Exception {
        return start(arguments).await();
    }

    Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "run", ".out");
        Path err = Files.createTempFile(folder, "run", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("BASINLAB_DATA_HOME", folder.resolve("home").toString());
        builder.environment().put("BASINLAB_EVIDENCE", "off");
        // How full the disk of the machine is that tests has nothing to do with what is tested.
        builder.environment().put("BASINLAB_UPKEEP_FULL", "1.0");
        List.of("BASINLAB_DATA_DIR", "BASINLAB_DATABASE", "BASINLAB_SERVER", "BASINLAB_TOKEN")
                .forEach(builder.environment()::remove);
        return new Running(builder.start(), out, err);
    }
}
