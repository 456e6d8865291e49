package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.worker.Restoring;
import org.junit.jupiter.api.Test;

class RestoreReportTest {

    private static final String LEAF = "ab".repeat(32);
    private static final String MERGED = "cd".repeat(32);
    private static final String OTHER = "ef".repeat(32);
    private static final Map<String, String> HERE =
            Map.of("engine", "native-blas", "kernel", "HASWELL", "threads", "1");
    private static final Map<String, String> THERE = Map.of("engine", "native-blas", "kernel", "ZEN", "threads", "2");

    private static Restoring.Computed computed(
            String sha256, Optional<String> found, Optional<String> failure, Map<String, String> before) {
        return new Restoring.Computed(sha256, new UUID(0, 7), "train main", found, failure, before, HERE);
    }

    @Test
    void what_is_restored_is_listed_inputs_first() {
        RestoreReport report = new RestoreReport(
                MERGED,
                List.of(
                        computed(LEAF, Optional.of(LEAF), Optional.empty(), HERE),
                        computed(MERGED, Optional.of(MERGED), Optional.empty(), HERE)));

        assertThat(report.isWhole()).isTrue();
        assertThat(report.lines())
                .containsExactly("restored  " + LEAF + "  train main", "restored  " + MERGED + "  train main");
    }

    @Test
    void what_comes_out_otherwise_is_told_with_both_digests_and_how_this_machine_differs() throws IOException {
        RestoreReport report =
                new RestoreReport(MERGED, List.of(computed(MERGED, Optional.of(OTHER), Optional.empty(), THERE)));
        StringWriter json = new StringWriter();

        report.print(new PrintWriter(json, true), true);

        assertThat(report.isWhole()).isFalse();
        assertThat(report.lines())
                .containsExactly(
                        "checkpoint %s stays as it was: train main (task %s) must give %s again, it gave %s"
                                .formatted(MERGED, new UUID(0, 7), MERGED, OTHER),
                        "it was computed otherwise: kernel ZEN, here HASWELL; threads 2, here 1");
        JsonNode document = new ObjectMapper().readTree(json.toString());
        assertThat(document.get("whole").asBoolean()).isFalse();
        assertThat(document.get("restored")).isEmpty();
        assertThat(document.at("/failure/found").asText()).isEqualTo(OTHER);
        assertThat(document.at("/failure/before/kernel").asText()).isEqualTo("ZEN");
    }

    @Test
    void an_input_that_fails_now_leaves_the_checkpoint_as_it_was() {
        RestoreReport report =
                new RestoreReport(MERGED, List.of(computed(LEAF, Optional.empty(), Optional.of("it diverged"), HERE)));

        assertThat(report.lines())
                .containsExactly(
                        "checkpoint %s stays as it was: train main (task %s), for its input, succeeded, and fails now: it diverged"
                                .formatted(MERGED, new UUID(0, 7)),
                        "it was computed as this machine does, by the same engine, kernel, number of threads and numerics");
    }
}
