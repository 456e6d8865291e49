package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbePlannerTest {

    private static Plan plan(String probe) {
        return Planner.plan(StudyFile.read("study: probing\nseed: 5\nprobe: " + probe + "\n", "test.yaml"));
    }

    private static List<List<Integer>> inputs(Plan plan) {
        return plan.tasks().stream().map(PlannedTask::inputs).toList();
    }

    @Test
    void shapes_say_what_waits_for_what() {
        assertThat(inputs(plan("{ tasks: 3 }"))).containsExactly(List.of(), List.of(), List.of());
        assertThat(inputs(plan("{ shape: chain, tasks: 3 }"))).containsExactly(List.of(), List.of(0), List.of(1));
        assertThat(inputs(plan("{ shape: fan-in, tasks: 4 }")))
                .containsExactly(List.of(), List.of(), List.of(), List.of(0, 1, 2));
        assertThat(inputs(plan("{ shape: tree, tasks: 7 }")))
                .containsExactly(
                        List.of(), List.of(), List.of(0, 1), List.of(), List.of(), List.of(3, 4), List.of(2, 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 11, 64, 1000})
    void a_tree_has_its_tasks_and_one_top_that_needs_them_all(int tasks) {
        Plan plan = plan("{ shape: tree, tasks: %d }".formatted(tasks));

        Set<Integer> needed = new HashSet<>();
        plan.tasks().forEach(task -> needed.addAll(task.inputs()));
        assertThat(plan.tasks()).hasSize(tasks);
        assertThat(needed)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, tasks - 1).boxed().toList());
        assertThat(plan.tasks()).allSatisfy(task -> assertThat(task.inputs()).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void all_tasks_differ_unless_a_label_says_that_they_are_equal() {
        Set<TaskSpec> own =
                plan("{ tasks: 100 }").tasks().stream().map(PlannedTask::spec).collect(Collectors.toSet());
        Set<TaskSpec> same = plan("{ tasks: 100, label: same }").tasks().stream()
                .map(PlannedTask::spec)
                .collect(Collectors.toSet());

        assertThat(own).hasSize(100);
        assertThat(same).containsExactly(new TaskSpec.Probe("same", 0, ProbeBehaviour.OK));
    }

    @Test
    void shares_of_the_tasks_misbehave_and_a_further_share_changes_no_other_lot() {
        List<ProbeBehaviour> one = behaviours("{ tasks: 10000, misbehave: { throws: 0.1 } }");
        List<ProbeBehaviour> two = behaviours("{ tasks: 10000, misbehave: { throws: 0.1, crash: 0.05 } }");

        Map<ProbeBehaviour, Long> counts =
                two.stream().collect(Collectors.groupingBy(lot -> lot, TreeMap::new, Collectors.counting()));
        // Three standard deviations of a binomial.
        assertThat(counts.get(ProbeBehaviour.THROWS)).isBetween(910L, 1090L);
        assertThat(counts.get(ProbeBehaviour.CRASH)).isBetween(435L, 565L);
        assertThat(IntStream.range(0, 10_000).filter(i -> one.get(i) != two.get(i)))
                .allSatisfy(i -> assertThat(two.get(i)).isEqualTo(ProbeBehaviour.CRASH));
    }

    private static List<ProbeBehaviour> behaviours(String probe) {
        return plan(probe).tasks().stream()
                .map(task -> ((TaskSpec.Probe) task.spec()).behaviour())
                .toList();
    }
}
