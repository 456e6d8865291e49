package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run of faults on the packaged program: real processes, a real PostgreSQL, leases of six seconds. */
class ChaosIT {

    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();

    /** The run takes less than a minute on a machine of its own; this is for one that is shared. */
    private static final long MOST_SECONDS = 300;

    private static final String[] SHORT = {"--seed", "3", "--minutes", "0.3", "--workers", "2", "--lease", "6"};

    @TempDir
    Path place;

    @Test
    void a_short_seeded_run_loses_nothing_doubles_nothing_and_ends_in_the_same_bytes() throws Exception {
        Ended ended = chaos("--json");

        assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(ended.out());
        assertThat(report.get("lost").asInt()).isZero();
        assertThat(report.get("duplicated").asInt()).isZero();
        assertThat(report.get("violations")).isEmpty();
        assertThat(report.get("injected")).hasSameSizeAs(report.get("planned"));
        assertThat(report.get("injected").get(0).get("scenario").asText()).isEqualTo("killed-at-point");
        assertThat(report.get("injected").get(0).get("notes")).isEmpty();
        assertThat(report.get("compared").get("differences")).isEmpty();
        assertThat(report.get("compared").get("studies").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(report.get("counts").get("attempts lost").asInt()).isPositive();
    }

    @Test
    void the_same_seed_plans_the_same_faults() throws Exception {
        Ended first = chaos("--dry-run");
        Ended second = chaos("--dry-run");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo(second.out()).hasLineCount(1 + 6).contains("killed-at-point");
    }

    private Ended chaos(String option) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // most of a short run is the start of processes, which take these options
                // over
                "-jar",
                JAR.toString(),
                "chaos"));
        command.addAll(List.of(SHORT));
        command.addAll(List.of("--data-home", place.resolve("home").toString(), option));
        Path out = Files.createTempFile(place, "chaos", ".out");
        Path err = Files.createTempFile(place, "chaos", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // Its children have it from here.
        builder.environment().put("BASINLAB_UPKEEP_FULL", "1.0");
        builder.environment().put("BASINLAB_UPKEEP_ALARM", "1.0");
        Process process = builder.start();
        boolean done = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        if (!done) {
            // In order, so that it ends what it started.
            process.destroy();
            process.waitFor(60, TimeUnit.SECONDS);
        }
        String said = Files.readString(err);
        assertThat(done).as("ended within %d s: %s", MOST_SECONDS, said).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), said);
    }

    private record Ended(int code, String out, String err) {}
}
