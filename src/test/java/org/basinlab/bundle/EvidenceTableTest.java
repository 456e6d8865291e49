package org.basinlab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvidenceTableTest {

    private static IssuedVerdict item(String id, String outcome, Optional<String> on, double... numbers) {
        List<IssuedVerdict.Part> parts = numbers.length == 0
                ? List.of()
                : List.of(new IssuedVerdict.Part(
                        "accuracy",
                        Optional.of(numbers[0]),
                        Optional.of(numbers[1]),
                        Optional.of(numbers[2]),
                        24,
                        "SELECT 1",
                        "00"));
        return new IssuedVerdict(
                1,
                Optional.empty(),
                new IssuedVerdict.Claimed(
                        id,
                        new IssuedVerdict.Paper("arXiv:1"),
                        "A | B\n  holds",
                        "not reported",
                        "",
                        Optional.of(new IssuedVerdict.Rule(List.of(new IssuedVerdict.Scale("accuracy", "nats"))))),
                new IssuedVerdict.Concluded(outcome, on, parts));
    }

    @Test
    void the_table_is_in_the_order_of_the_claims_and_shows_three_digits() {
        String table = EvidenceTable.of(List.of(
                item("H14b", "not testable as stated", Optional.empty()),
                item("H10", "depends on", Optional.of("optimiser"), 12.3456, 1234.5, 0.000123456),
                item("H2", "contradicted", Optional.empty(), -0.019912, -0.0312, 0)));

        assertThat(table).isEqualTo("""
                | claim | reported | measured | verdict |
                |---|---|---|---|
                | **H2** A \\| B holds | not reported | −0.0199 [−0.0312, 0] nats, n = 24 | contradicted |
                | **H10** A \\| B holds | not reported | 12.3 [1235, 0.000123] nats, n = 24 | depends on optimiser |
                | **H14b** A \\| B holds | not reported | – | not testable as stated |
                """);
    }

    @Test
    void a_claim_of_many_numbers_says_how_many_lie_on_which_side() {
        IssuedVerdict.Part above = item("H14", "inconclusive", Optional.empty(), 0.1, 0, 0.2)
                .conclusion()
                .parts()
                .get(0);
        IssuedVerdict.Part below = new IssuedVerdict.Part(
                "loss", Optional.of(-0.1), Optional.empty(), Optional.empty(), 11, "SELECT 1", "00");
        IssuedVerdict one = item("H14", "inconclusive", Optional.empty());
        IssuedVerdict many = new IssuedVerdict(
                1,
                one.exploratory(),
                one.claim(),
                new IssuedVerdict.Concluded(
                        "inconclusive", Optional.empty(), List.of(above, below, below, below, below)));

        assertThat(EvidenceTable.of(List.of(many)))
                .endsWith(
                        "| not reported | 5 numbers, 1 above 0, 4 below, n = 11 to 24: `claims H14` | inconclusive |\n");
    }

    @Test
    void without_verdicts_there_is_a_note() {
        assertThat(EvidenceTable.of(List.of())).isEqualTo("No verdicts come with this version yet.\n");
    }

    @Test
    void the_readme_has_the_table_that_the_evidence_gives() throws IOException {
        MarkedText readme = new MarkedText(Files.readString(Path.of("README.md")));

        assertThat(readme.part())
                .as("./basinlab evidence --write README.md puts it there")
                .isEqualTo(Shelf.shipped().table());
    }

    @Test
    void only_what_stands_between_the_marks_is_written() {
        MarkedText text = new MarkedText("before\n<!-- claims -->\nold\n<!-- /claims -->\nafter\n");

        assertThat(text.part()).isEqualTo("old\n");
        assertThat(text.with("new\n").whole()).isEqualTo("before\n<!-- claims -->\nnew\n<!-- /claims -->\nafter\n");
        assertThatIllegalArgumentException().isThrownBy(() -> new MarkedText("<!-- /claims -->\n<!-- claims -->\n"));
    }
}
