package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.basinlab.recipe.CanonicalJson;
import org.junit.jupiter.api.Test;

/** Reads the whole register: a build whose register cannot be taken fails here. */
class ClaimRegisterTest {

    private static final ClaimRegister REGISTER = ClaimRegister.shipped();

    @Test
    void the_index_names_every_file() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/claims"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ClaimRegister.files().stream()
                            .map(file -> file + ".yaml")
                            .toList());
        }
    }

    @Test
    void every_claim_of_the_papers_is_there() {
        assertThat(REGISTER.list())
                .extracting(Claim::id)
                .contains("G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "R1", "R2", "R3", "R4", "R5")
                .contains("F1", "F2", "F3", "F4", "H14b")
                .containsAll(IntStream.rangeClosed(1, 18)
                        .mapToObj(number -> "H" + number)
                        .toList())
                .doesNotHaveDuplicates();
        assertThat(REGISTER.get("G6").awaits())
                .hasValueSatisfying(what -> assertThat(what).contains("ImageNet"));
        assertThat(REGISTER.find("Z1")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> REGISTER.get("Z1"))
                .withMessage("a claim must be one of the register, was 'Z1'");
    }

    @Test
    void a_claim_can_be_decided_or_says_why_not() {
        assertThat(REGISTER.list()).allSatisfy(claim -> {
            boolean measurable = claim.awaits().isEmpty() && claim.decision().isPresent();
            assertThat(claim.primary().isPresent()).as(claim.id()).isEqualTo(measurable);
            claim.decision()
                    .ifPresent(decision -> assertThat(claim.specifications())
                            .as(claim.id())
                            .allSatisfy(specification -> assertThat(
                                            specification.queries().keySet())
                                    .containsExactlyInAnyOrderElementsOf(decision.parts().stream()
                                            .map(Decision.Part::name)
                                            .toList())));
        });
    }

    @Test
    void every_claim_survives_its_json() {
        assertThat(REGISTER.list())
                .allSatisfy(claim -> assertThat(CanonicalJson.read(CanonicalJson.write(claim), Claim.class))
                        .isEqualTo(claim));
    }

    @Test
    void queries_read_the_views_of_results_and_nothing_else() {
        assertThat(REGISTER.list().stream()
                        .flatMap(claim -> claim.specifications().stream())
                        .flatMap(specification -> Stream.concat(
                                specification.queries().values().stream(), specification.images().values().stream())))
                .allSatisfy(query -> assertThat(query)
                        .contains("results.", "{study}")
                        .doesNotContainIgnoringCase("ledger.", "insert ", "update ", "delete ", ";"));
    }

    @Test
    void one_id_stands_once_in_all_files() throws IOException {
        String text = Files.readString(Path.of("src/main/resources/claims/2211.08403.yaml"));
        Map<String, String> twice = new LinkedHashMap<>();
        twice.put("one.yaml", text);
        twice.put("other.yaml", text);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClaimRegister.read(twice))
                .withMessage("the register has claim F3 twice");
    }

    @Test
    void claims_of_one_paper_are_one_family() {
        assertThat(REGISTER.get("F2").paper()).isEqualTo(REGISTER.get("F4").paper());
        assertThat(List.of(REGISTER.get("F1"), REGISTER.get("F2"), REGISTER.get("F3"), REGISTER.get("G1")))
                .extracting(claim -> claim.paper().id())
                .doesNotHaveDuplicates();
    }

    @Test
    void a_study_cannot_list_what_this_version_does_not_measure() {
        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> StudyFile.read(StudyFileTest.LEAST + "claims: [G1, G6]\n", "s.yaml"))
                .withMessage("s.yaml:8:14: claims[1] cannot be decided by this version: G6 awaits ImageNet and residual"
                        + " networks; out of this project's budget");
        assertThatExceptionOfType(SpecificationException.class)
                .isThrownBy(() -> StudyFile.read(StudyFileTest.LEAST + "claims: [R3]\n", "s.yaml"))
                .withMessage("s.yaml:8:10: claims[0] cannot be decided: R3 is not testable as stated");
    }

    @Test
    void the_documentation_lists_every_claim_with_its_rule() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs", "claims.md"));

        assertThat(lines.stream().filter(line -> line.matches("\\| [A-Z][0-9]+[a-z]? \\|.*")))
                .containsExactlyElementsOf(
                        REGISTER.list().stream().map(ClaimRegisterTest::row).toList());
    }

    private static String row(Claim claim) {
        String specifications = claim.awaits()
                .map(what -> "awaits " + what)
                .orElseGet(() -> Long.toString(claim.specifications().stream()
                        .filter(specification -> !specification.control())
                        .count()));
        return "| %s | %s | %s | %d | %s |"
                .formatted(claim.id(), claim.source().label(), rules(claim), claim.minimum(), specifications);
    }

    private static String rules(Claim claim) {
        if (claim.decision().isEmpty()) {
            return claim.awaits().isPresent() ? "" : "not testable as stated";
        }
        Map<String, List<String>> partsByRule = new LinkedHashMap<>();
        claim.decision()
                .get()
                .parts()
                .forEach(part -> partsByRule
                        .computeIfAbsent(rule(part), rule -> new ArrayList<>())
                        .add(part.name()));
        return partsByRule.entrySet().stream()
                .map(rule -> "%s: %s"
                        .formatted(
                                rule.getValue().size() > 3
                                        ? rule.getValue().size() + " parts"
                                        : String.join(", ", rule.getValue()),
                                rule.getKey()))
                .collect(Collectors.joining("; "));
    }

    private static String rule(Decision.Part part) {
        boolean sided = part.sign() != Decision.Sign.NONE && part.type() != Decision.Type.BARRIER;
        return "%s%s, δ %s (%s)"
                .formatted(
                        part.type().label(),
                        sided ? " " + part.sign().label() : "",
                        BigDecimal.valueOf(part.margin()).stripTrailingZeros().toPlainString(),
                        part.scale());
    }
}
