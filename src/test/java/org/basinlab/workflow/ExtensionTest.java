package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.SeedRange;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtensionTest {

    /** Every scheme, controls, barriers of pairs and rounds, and an arm with seeds of its own. */
    private static Study study(int count) {
        return StudyFile.read("""
                study: extended
                seed: 5
                dataset: { name: cifar10 }
                network: { mlp: { hidden: [32, 16] } }
                training: { seeds: { from: 10, count: %d }, epochs: 3, optimiser: { sgd: { learningRate: 0.1 } } }
                merge:
                  - { scheme: hierarchical, stages: 2 }
                  - { scheme: merge-many, groups: [4, 3] }
                  - { scheme: naive, groups: [2, 4] }
                controls: [naive-tree, equal-accuracy-early-stop, norm-rescaled, logit-ensemble]
                evaluate: { accuracy: {}, barrier: { lambdas: 5, nodes: all } }
                arms:
                  penalised: { training: { l2: 0.001 } }
                  own: { training: { seeds: { from: 1000, count: 5 } }, merge: [ { scheme: naive, groups: [2] } ] }
                """.formatted(count), "extended.yaml");
    }

    private static List<PlannedTask> before(Plan plan) {
        List<PlannedTask> tasks = new ArrayList<>(plan.tasks());
        tasks.removeIf(task -> task.spec().kind() == TaskSpec.Kind.JUDGE);
        return tasks;
    }

    /** Leaf seeds of every group, in order, by arm, scheme, size and number; found from the inputs alone. */
    private static Map<String, List<Long>> groups(Plan plan) {
        Map<Integer, List<Long>> leaves = new HashMap<>();
        Map<String, List<Long>> groups = new HashMap<>();
        for (PlannedTask task : plan.tasks()) {
            if (task.spec().kind() == TaskSpec.Kind.TRAIN || task.spec().kind() == TaskSpec.Kind.MERGE) {
                List<Long> own = new ArrayList<>();
                task.placement().seed().ifPresent(own::add);
                task.inputs().forEach(input -> own.addAll(leaves.get(input)));
                leaves.put(task.ordinal(), own);
                Placement place = task.placement();
                groups.put(
                        String.join(
                                "/",
                                place.arm(),
                                place.scheme(),
                                place.matching(),
                                String.valueOf(place.groupSize()),
                                String.valueOf(place.groupId())),
                        own);
            }
        }
        return groups;
    }

    @ParameterizedTest
    @CsvSource({"8, 100, 8", "8, 18, 4", "10, 500, 6", "5, 0, 3", "6, 300, 1", "4, 14, 12", "11, 50, 2"})
    void every_task_is_kept_and_every_group_stays(int count, long from, int more) {
        Study study = study(count);
        Plan first = Planner.plan(study);

        Study larger = Extension.extend(study, new SeedRange(from, more));
        Extension extension = Extension.between(before(first), Planner.plan(larger));

        Set<Integer> kept = extension.plan().tasks().stream()
                .flatMap(task -> extension.kept(task.ordinal()).stream().boxed())
                .collect(Collectors.toSet());
        assertThat(kept).hasSize(first.tasks().size());
        assertThat(extension.added())
                .hasSize(extension.plan().tasks().size() - first.tasks().size());
        for (PlannedTask task : extension.plan().tasks()) {
            extension.kept(task.ordinal()).ifPresent(index -> {
                PlannedTask same = first.tasks().get(index);
                assertThat(task.spec()).isEqualTo(same.spec());
                assertThat(task.placement()).isEqualTo(same.placement());
                assertThat(task.inputs().stream()
                                .map(input -> extension.kept(input).orElseThrow())
                                .toList())
                        .isEqualTo(same.inputs());
            });
        }
        assertThat(groups(extension.plan())).containsAllEntriesOf(groups(first));
        assertThat(extension.taken())
                .allMatch(index -> first.tasks().get(index).spec().kind() != TaskSpec.Kind.EVALUATE);
    }

    @ParameterizedTest
    @CsvSource({"10, 500, 6", "5, 100, 3"})
    void leaves_that_were_left_out_fill_the_next_block_with_the_first_of_the_new_ones(int count, long from, int more) {
        Study study = study(count);
        List<Long> order = order(Planner.plan(study));

        Plan larger = Planner.plan(Extension.extend(study, new SeedRange(from, more)));

        List<Long> extended = order(larger);
        int whole = count / 4 * 4;
        assertThat(extended.subList(0, count)).isEqualTo(order);
        assertThat(extended.subList(count, count + more))
                .containsExactlyInAnyOrderElementsOf(
                        new SeedRange(from, more).stream().boxed().toList());
        assertThat(groups(larger).get("main/hierarchical/weight/4/" + count / 4))
                .isEqualTo(extended.subList(whole, whole + 4));
        assertThat(larger.leftOut())
                .noneMatch(left -> left.arm().equals("main") && left.groupSize() == 4 && (count + more) % 4 == 0);
    }

    private static List<Long> order(Plan plan) {
        return plan.tasks().stream()
                .map(PlannedTask::placement)
                .filter(place -> place.scheme().equals("trained") && place.arm().equals("main"))
                .sorted((one, other) -> Integer.compare(one.groupId(), other.groupId()))
                .map(place -> place.seed().orElseThrow())
                .distinct()
                .toList();
    }

    @Test
    void arms_with_the_same_seeds_grow_and_those_with_seeds_of_their_own_do_not() {
        Study larger = Extension.extend(study(8), new SeedRange(100, 4));

        assertThat(larger.arms())
                .extracting(arm -> arm.name() + " " + arm.leaves())
                .containsExactly("main 12", "penalised 12", "own 5");
    }

    @Test
    void a_study_can_be_extended_again_and_read_again() {
        Study once = Extension.extend(study(8), new SeedRange(100, 3));
        Study twice = Extension.extend(CanonicalJson.read(once.canonical(), Study.class), new SeedRange(50, 5));

        Extension extension = Extension.between(before(Planner.plan(once)), Planner.plan(twice));

        assertThat(twice.arms().get(0).leaves()).isEqualTo(16);
        assertThat(extension.added()).isNotEmpty();
        assertThat(CanonicalJson.read(twice.canonical(), Study.class)).isEqualTo(twice);
    }

    @Test
    void a_study_that_was_never_extended_has_the_text_that_it_always_had() {
        assertThat(study(8).canonical()).doesNotContain("extensions");
    }

    @ParameterizedTest
    @CsvSource({"10, 8, 10:8", "17, 4, 10:8", "0, 11, 10:8", "12, 1, 10:8", "102, 9, 100:3"})
    void seeds_that_are_there_already_are_refused_and_named(long from, int count, String there) {
        Study study = Extension.extend(study(8), new SeedRange(100, 3));

        assertThatThrownBy(() -> Extension.extend(study, new SeedRange(from, count)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the seeds of an extension must be new to the study, extended has %s of %d:%d already (FROM:COUNT)"
                                .formatted(there, from, count));
    }

    @Test
    void an_extension_that_is_too_large_is_refused() {
        assertThatThrownBy(() -> Extension.extend(study(8), new SeedRange(100, 100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("an extended study must have at most 20000 networks in an arm");
        assertThatThrownBy(() -> Extension.extend(study(8), new SeedRange((1L << 53) - 2, 3)))
                .hasMessageContaining("must be at most 9007199254740991");
    }

    @Test
    void a_plan_that_another_program_made_is_not_extended() {
        Study study = study(8);
        List<PlannedTask> other = new ArrayList<>(Planner.plan(study).tasks());
        PlannedTask last = other.get(other.size() - 1);
        TaskSpec.Train changed = new TaskSpec.Train(
                study.arms().get(0).dataset(),
                study.arms().get(0).network(),
                study.arms().get(0).training(),
                77);
        other.set(
                other.size() - 1, new PlannedTask(last.ordinal(), changed, List.of(), last.placement(), last.flops()));
        Plan larger = Planner.plan(Extension.extend(study, new SeedRange(100, 4)));

        assertThatThrownBy(() -> Extension.between(other, larger))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lacks 1 of its %d tasks".formatted(other.size()));
    }
}
