package org.basinlab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the table of rooms of ARCHITECTURE.md and the rules of CONTRIBUTING.md. */
class HouseRulesTest {

    private static final String ROOT = "org.basinlab.";

    /** The table of rooms: what each may import. */
    private static final Map<String, List<String>> MAY_IMPORT = mayImport();

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.basinlab");

    private static Map<String, List<String>> mayImport() {
        Map<String, List<String>> table = new HashMap<>();
        table.put("recipe", List.of());
        table.put("assignment", List.of());
        table.put("network", List.of("recipe"));
        table.put("dataset", List.of("recipe"));
        table.put("training", List.of("recipe", "network", "dataset"));
        table.put("evaluation", List.of("recipe", "network", "dataset"));
        table.put("attack", List.of("recipe", "network", "dataset", "evaluation"));
        table.put("control", List.of("recipe", "network", "dataset", "training", "evaluation"));
        table.put("matching", List.of("recipe", "network", "assignment", "dataset", "training"));
        table.put("merging", List.of("recipe", "network", "matching", "dataset", "evaluation"));
        table.put("study", List.of("recipe"));
        table.put("workflow", List.of("recipe", "study"));
        table.put("ledger", List.of("recipe", "study", "workflow"));
        table.put("dispatch", List.of("recipe", "study", "workflow", "ledger"));
        table.put(
                "worker",
                List.of(
                        "recipe",
                        "network",
                        "dataset",
                        "training",
                        "evaluation",
                        "attack",
                        "control",
                        "matching",
                        "merging",
                        "study",
                        "workflow",
                        "ledger",
                        "verdict",
                        "dispatch"));
        table.put("verdict", List.of("recipe", "study", "workflow", "ledger"));
        table.put("bundle", List.of("recipe", "study", "workflow", "ledger", "verdict"));
        table.put("api", List.of("recipe", "study", "workflow", "ledger", "dispatch", "verdict", "bundle"));
        table.put("embedded", List.of());
        table.put("chaos", List.of("recipe", "study", "workflow", "ledger", "embedded"));
        return table;
    }

    @Test
    void a_room_imports_only_what_its_row_allows() {
        assertThat(MAIN).hasSizeGreaterThan(20);
        MAY_IMPORT.forEach((room, allowed) -> {
            String[] forbidden = MAY_IMPORT.keySet().stream()
                    .filter(other -> !other.equals(room) && !allowed.contains(other))
                    .map(other -> ROOT + other + "..")
                    .collect(Collectors.toCollection(() -> new TreeSet<>(List.of(ROOT + "cli.."))))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden)
                    .allowEmptyShould(true)
                    .check(MAIN);
        });
    }

    @Test
    void every_room_stands_in_the_table() {
        TreeSet<String> rooms = MAIN.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> known = new TreeSet<>(MAY_IMPORT.keySet());
        known.add("cli");

        assertThat(known).containsAll(rooms);
    }

    @Test
    void rooms_form_no_cycle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void arrays_of_nd4j_appear_only_in_the_rooms_of_numerics() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + "network..",
                        ROOT + "training..",
                        ROOT + "evaluation..",
                        ROOT + "attack..",
                        ROOT + "matching..",
                        ROOT + "merging..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.nd4j..", "org.bytedeco.."))
                .check(MAIN);
    }

    @Test
    void quartz_appears_only_in_dispatch_and_jpa_only_in_ledger() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "dispatch..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.quartz..", "io.quarkus.scheduler.."))
                .check(MAIN);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "ledger..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("jakarta.persistence..", "org.hibernate..", "io.quarkus.hibernate.."))
                .check(MAIN);
    }

    @Test
    void duckdb_appears_only_in_bundle() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "bundle..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.duckdb..")
                .check(MAIN);
    }

    @Test
    void the_core_knows_no_framework() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "recipe..",
                        ROOT + "assignment..",
                        ROOT + "network..",
                        ROOT + "dataset..",
                        ROOT + "training..",
                        ROOT + "evaluation..",
                        ROOT + "attack..",
                        ROOT + "matching..",
                        ROOT + "merging..",
                        ROOT + "study..",
                        ROOT + "workflow..",
                        ROOT + "embedded..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("jakarta..", "io.quarkus..", "org.hibernate..", "picocli.."))
                .check(MAIN);
    }

    @Test
    void time_and_chance_enter_from_outside() {
        noClasses().should().callMethod(Instant.class, "now").check(MAIN);
        noClasses().should().callConstructor(Random.class).check(MAIN);
        noClasses().should().callMethod(Math.class, "random").check(MAIN);
    }

    @Test
    void static_fields_are_final_and_no_field_is_injected() {
        fields().that().areStatic().should().beFinal().check(MAIN);
        noFields().should().beAnnotatedWith("jakarta.inject.Inject").check(MAIN);
    }

    @Test
    void entities_stay_out_of_the_api() {
        noClasses()
                .that(resideInAPackage(ROOT + "api.."))
                .should()
                .dependOnClassesThat()
                .areAnnotatedWith("jakarta.persistence.Entity")
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void no_file_is_longer_than_four_hundred_lines() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(400);
            }
        }
    }

    @Test
    void every_room_says_in_one_sentence_what_lives_there_and_is_null_marked() throws IOException {
        Path main = Path.of("src/main/java/org/basinlab");
        try (Stream<Path> rooms = Files.list(main)) {
            for (Path room : rooms.filter(Files::isDirectory).toList()) {
                assertThat(room.resolve("package-info.java"))
                        .content()
                        .contains("@NullMarked")
                        .startsWith("/** ");
            }
        }
    }
}
