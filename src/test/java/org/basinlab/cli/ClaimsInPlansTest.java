package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsInPlansTest {

    private static final String STUDY = """
            study: with-claims
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [8] } }
            training: { seeds: { from: 0, count: 16 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
            merge: [ { scheme: hierarchical, stages: 1 } ]
            evaluate: { barrier: {} }
            claims: [G1]
            """;

    @TempDir
    Path folder;

    private Called dryRun(String specification, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("claims.yaml"), specification);
        Object[] words = new Object[4 + more.length];
        System.arraycopy(new Object[] {"run", file, "--dry-run", "--workers=1"}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        return Called.with(words);
    }

    @Test
    void a_dry_run_says_what_of_each_claim_is_measured_and_who_is_judged() throws IOException {
        Called called = dryRun(STUDY);

        assertThat(called.code()).isZero();
        assertThat(called.out())
                .contains("""
                        claim  units  minimum  specifications  remarks
                        G1         8       12          2 of 4  not measured: sgd, second-reading; too few units: stays provisional
                        """)
                .contains("judged:  arXiv:2209.04836: G1\n")
                .doesNotContain("main  judge");
    }

    @Test
    void a_dry_run_says_of_which_claim_no_verdict_but_an_inconclusive_one_can_come() throws IOException {
        Called called = dryRun(STUDY.replace("count: 16", "count: 24"));

        assertThat(called.out())
                .contains("12       12          2 of 4  not measured: sgd, second-reading;"
                        + " below 80 %: can be neither reproduced nor contradicted");
    }

    @Test
    void a_dry_run_of_a_probe_that_a_clock_starts_says_when_and_counts_no_operations() throws IOException {
        Called called = dryRun("""
                study: nightly
                probe: { shape: wide, tasks: 4, seconds: 30 }
                schedule: { cron: "0 0 2 * * ?" }
                """);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out())
                .contains("  schedule: '0 0 2 * * ?' (UTC), misfire fire-once, once it is submitted")
                .contains("time:    at least 2:00 on 1 slots, for the tasks wait")
                .doesNotContain("GF/s", "storage");
    }

    @Test
    void a_dry_run_without_claims_says_nothing_of_them() throws IOException {
        Called called = dryRun(STUDY.replace("claims: [G1]\n", ""));

        assertThat(called.code()).isZero();
        assertThat(called.out()).doesNotContain("judged", "minimum");
    }

    @Test
    void a_script_gets_the_same_as_json() throws IOException {
        Called called = dryRun(STUDY, "--json");

        JsonPath plan = JsonPath.from(called.out());
        assertThat(plan.getInt("tasks.judge")).isEqualTo(1);
        assertThat(plan.getString("claims[0].claim")).isEqualTo("G1");
        assertThat(plan.getInt("claims[0].planned")).isEqualTo(8);
        assertThat(plan.getInt("claims[0].minimum")).isEqualTo(12);
        assertThat(plan.getList("claims[0].measured", String.class)).containsExactly("primary", "chord");
        assertThat(plan.getList("claims[0].notMeasured", String.class)).containsExactly("sgd", "second-reading");
    }

    @Test
    void a_claim_that_is_not_measured_is_refused_in_one_line() throws IOException {
        Called called = dryRun(STUDY.replace("barrier: {}", "fgsm: false"));

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err())
                .isEqualTo(
                        "basinlab: claims: G1 needs barrier-loss on test of hierarchical networks of 2 (naive) in arm main,"
                                + " which this study does not measure: add evaluate.barrier of these networks\n");
        assertThat(called.out()).isEmpty();
    }

    @Test
    void a_claim_that_nobody_knows_is_refused_where_it_stands() throws IOException {
        Called called = dryRun(STUDY.replace("[G1]", "[G1, H99]"));

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err())
                .contains("claims.yaml:7:14: claims[1] must be a claim of the register, was 'H99' (did you mean H9?)");
    }
}
