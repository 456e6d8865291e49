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
        assertThat(main.merge())
                .extracting(MergeScheme::sizes)
                .containsExactly(List.of(2, 4, 8, 16), List.of(4, 8), List.of(2, 4, 8, 16));
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
