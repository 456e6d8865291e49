package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.MergeScheme;
import org.junit.jupiter.api.Test;

class ShippedStudiesTest {

    private static Study study(String name) {
        return StudyFile.read(ShippedStudies.find(name).orElseThrow(), name + ".yaml");
    }

    @Test
    void the_index_names_every_file_and_every_file_its_study() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/studies"))) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();

            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(ShippedStudies.names().stream()
                            .map(name -> name + ".yaml")
                            .toList());
        }
        for (String name : ShippedStudies.names()) {
            assertThat(study(name).name()).isEqualTo(name);
        }
    }

    @Test
    void other_names_are_not_looked_up() {
        assertThat(ShippedStudies.find("../application")).isEmpty();
        assertThat(ShippedStudies.find("unknown")).isEmpty();
    }

    @Test
    void the_small_study_has_16_seeds_4_stages_and_names_its_paper() {
        Study small = study("hierarchical-rebasin-small");
        Arm main = small.arms().get(0);

        assertThat(small.paper()).isEqualTo(Optional.of("arXiv:2510.09174v2"));
        assertThat(main.seeds()).isEqualTo(new SeedRange(0, 16));
        assertThat(main.training().epochs()).isEqualTo(6);
        assertThat(main.network().parameterCount()).isEqualTo(2_232_586);
        assertThat(main.tree().orElseThrow().sizes()).containsExactly(2, 4, 8, 16);
        assertThat(main.trees()).isEqualTo(1);
        assertThat(main.controls()).hasSize(6);
        assertThat(small.exploratory()).isTrue();
    }

    @Test
    void the_verdict_study_has_the_groups_that_its_claims_need_and_fresh_seeds() {
        Study verdict = study("hierarchical-rebasin-verdict");
        Arm main = verdict.arms().get(0);

        assertThat(verdict.exploratory()).isFalse();
        assertThat(main.trees()).isEqualTo(12);
        assertThat(main.merge()).extracting(MergeScheme::label).contains("hierarchical", "naive", "reference");
        assertThat(main.merge())
                .extracting(scheme -> scheme.label() + " " + scheme.variant())
                .contains(
                        "hierarchical ",
                        "hierarchical permute=first",
                        "hierarchical permute=better",
                        "hierarchical sweep=2",
                        "merge-many rounds=converged,stop=l2",
                        "merge-many rounds=1,stop=l2",
                        "merge-many rounds=2,stop=l2",
                        "merge-many rounds=5,stop=l2",
                        "merge-many rounds=converged,stop=identity");
        assertThat(verdict.arms())
                .extracting(arm -> arm.name() + " " + arm.seeds().count())
                .containsExactly("main 96", "second-reading 24", "sgd 24", "l1 12", "l2 12");
        List<Long> seeds = ShippedStudies.names().stream()
                .filter(name -> !name.equals(verdict.name()))
                .flatMap(name -> study(name).arms().stream())
                .flatMapToLong(arm -> arm.seeds().stream())
                .boxed()
                .toList();
        assertThat(verdict.arms().stream()
                        .flatMapToLong(arm -> arm.seeds().stream())
                        .boxed())
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(seeds);
    }

    @Test
    void the_rehearsal_differs_from_the_verdict_study_in_its_seeds_alone() {
        String rehearsal = withoutComments("hierarchical-rebasin-rehearsal")
                .replace("hierarchical-rebasin-rehearsal", "hierarchical-rebasin-verdict")
                .replace("exploratory: true\n", "");

        assertThat(rehearsal.replaceAll("from: [0-9]+, count: [0-9]+", "seeds"))
                .isEqualTo(withoutComments("hierarchical-rebasin-verdict")
                        .replaceAll("from: [0-9]+, count: [0-9]+", "seeds"));
        assertThat(study("hierarchical-rebasin-rehearsal").arms())
                .extracting(arm -> arm.name() + " " + arm.seeds().count())
                .containsExactly("main 24", "second-reading 8", "sgd 8", "l1 3", "l2 3");
    }

    private static String withoutComments(String name) {
        return ShippedStudies.find(name).orElseThrow().replaceAll("(?m)^#.*\n", "");
    }

    @Test
    void the_paper_s_study_has_its_1600_networks_and_7_stages() {
        Arm main = study("hierarchical-rebasin").arms().get(0);

        assertThat(main.seeds().count()).isEqualTo(1_600);
        assertThat(main.training().epochs()).isEqualTo(50);
        assertThat(main.tree().orElseThrow().stages()).isEqualTo(6);
        assertThat(main.trees()).isEqualTo(25);
    }

    @Test
    void the_other_studies_vary_what_they_are_named_after() {
        assertThat(study("hierarchical-lambda").arms())
                .extracting(Arm::name)
                .containsExactly("main", "share=0.4", "share=0.3");
        assertThat(study("hierarchical-datasets").arms())
                .extracting(arm ->
                        arm.dataset().name().label() + " " + arm.network().label())
                .containsExactly(
                        "cifar10 3072-512-512-512-256-10",
                        "fashion-mnist 784-512-512-512-256-10",
                        "mnist 784-512-512-512-256-10",
                        "cifar100 3072-512-512-512-256-100");
    }

    @Test
    void both_readings_of_the_four_layers_are_arms_of_one_study() {
        Study readings = study("mlp-readings");

        assertThat(readings.arms())
                .extracting(Arm::network)
                .extracting(Architecture::label)
                .containsExactly("3072-512-512-512-256-10", "3072-512-512-256-10");
        assertThat(readings.arms().get(1).network().parameterCount()).isEqualTo(1_969_930);
    }

    @Test
    void every_study_that_the_documentation_shows_can_be_read() throws IOException {
        String page = Files.readString(Path.of("docs/studies.md"));
        List<String> shown = Pattern.compile("(?ms)^```yaml\n(study:.*?)^```$")
                .matcher(page)
                .results()
                .map(example -> example.group(1))
                .toList();

        assertThat(shown).hasSizeGreaterThanOrEqualTo(3).allSatisfy(example -> StudyFile.read(example, "studies.md"));
    }
}
