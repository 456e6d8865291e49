package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

/** Plans every study that stands anywhere in the repository, in a file or in its documentation, against the register. */
class EveryStudyTest {

    /** What is made by building, and what is no part of the repository. */
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules");

    private static final Pattern STUDY = Pattern.compile("(?m)^study: ");
    private static final Pattern SHOWN = Pattern.compile("(?ms)^```yaml\\n(study: .*?)^```$");

    private static Map<String, String> studies() {
        Map<String, String> studies = new LinkedHashMap<>();
        for (Path file : files()) {
            String text = text(file);
            if (file.toString().endsWith(".md")) {
                SHOWN.matcher(text)
                        .results()
                        .forEach(shown -> studies.put(file + ", character " + shown.start(1), shown.group(1)));
            } else if (STUDY.matcher(text).find()) {
                studies.put(file.toString(), text);
            }
        }
        return studies;
    }

    private static List<Path> files() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(Path.of("."), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().matches(".*\\.(md|yaml|yml)")) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void every_study_measures_the_claims_that_it_lists() {
        Map<String, String> studies = studies();

        assertThat(studies).hasSizeGreaterThan(12);
        studies.forEach((place, text) -> {
            Study study = StudyFile.read(text, place);
            Plan plan = Planner.plan(study);

            List<ClaimCoverage> claims = ClaimCoverage.require(study, plan);

            assertThat(claims).as(place).extracting(ClaimCoverage::claim).isEqualTo(study.claims());
            assertThat(claims).as(place).allSatisfy(claim -> {
                assertThat(claim.planned()).isPositive();
                assertThat(claim.measured()).startsWith("primary");
            });
        });
    }

    @Test
    void the_verdict_study_can_decide_all_that_it_lists() {
        Study study = StudyFile.read(
                text(Path.of("src/main/resources/studies/hierarchical-rebasin-verdict.yaml")), "verdict.yaml");

        List<ClaimCoverage> claims = ClaimCoverage.require(study, Planner.plan(study));

        assertThat(claims)
                .extracting(ClaimCoverage::claim)
                .containsExactly(
                        "H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9", "H10", "H11", "H12", "H13", "H14", "H15",
                        "H16", "H17", "H18", "G1");
        assertThat(claims).noneMatch(ClaimCoverage::isTooSmall);
        assertThat(claims)
                .allSatisfy(claim ->
                        assertThat(claim.notMeasured()).as(claim.claim()).isEmpty());
        assertThat(claims.get(0).planned()).isEqualTo(24);
        assertThat(claims.get(1).planned()).isEqualTo(12);
    }
}
