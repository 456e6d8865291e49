package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.basinlab.study.ClaimRegister;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims on a machine where nothing was ever run. */
class ClaimsCommandTest {

    @TempDir
    private static Path home;

    /** What ships needs a server to come into a store: {@link CommandLineIT} has one. */
    @BeforeAll
    static void leaveOutWhatShips() {
        System.setProperty("basinlab.evidence", "off");
    }

    @AfterAll
    static void asItWas() {
        System.clearProperty("basinlab.evidence");
    }

    private static Called claims(Object... arguments) {
        Object[] all = new Object[arguments.length + 3];
        all[0] = "claims";
        all[1] = "--data-home";
        all[2] = home;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Called.with(all);
    }

    @Test
    void everything_that_is_claimed_is_known_before_anything_was_run() throws IOException {
        Called called = claims("--json");

        JsonNode claims = new ObjectMapper().readTree(called.out()).get("claims");

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(claims).hasSize(ClaimRegister.shipped().list().size()).isNotEmpty();
        assertThat(claims)
                .allSatisfy(
                        claim -> assertThat(claim.get("verdict").asText()).isIn("not run", "not testable as stated"));
    }

    @Test
    void where_nothing_was_run_the_table_says_what_would_measure_the_claims_and_no_store_is_created() {
        Path empty = home.resolve("empty");

        Called called = Called.with("claims", "--data-home", empty);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out())
                .contains(
                        "No study in this store measures any of them yet", "basinlab run hierarchical-rebasin-verdict");
        assertThat(called.out().lines())
                .allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                        .as(line)
                        .isLessThanOrEqualTo(120));
        assertThat(Files.exists(empty)).isFalse();
    }

    @Test
    void a_card_needs_no_study() {
        String known = ClaimRegister.shipped().list().get(0).id();

        Called called = claims(known);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out())
                .startsWith(known + "  NOT RUN")
                .contains("estimand", "confounds", "rule")
                .contains("rounds-1, rounds of MergeMany: 1")
                .contains("accuracy on test images of merge-many networks of 4, rounds=1,stop=l2, arm main")
                .doesNotContain("FROM results.metrics");
        assertThat(claims(known, "--sql").out()).contains("FROM results.metrics");
    }

    @Test
    void what_awaits_something_of_the_program_is_not_said_to_be_merely_not_run() {
        assertThat(claims().out().lines())
                .anySatisfy(line -> assertThat(line).startsWith("G6").contains("not measurable yet"))
                .anySatisfy(line -> assertThat(line).startsWith("H1 ").contains("not run"));
    }

    @Test
    void an_unknown_claim_is_one_line_with_what_may_have_been_meant() {
        Called called = claims("G99");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err().lines().filter(line -> line.startsWith("basinlab:")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("no claim has the id 'G99' (did you mean G9?)"));
    }

    @Test
    void a_study_that_there_is_not_is_refused() {
        Called called = claims("--study", "nothing");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("no study has the id or name 'nothing'");
    }
}
