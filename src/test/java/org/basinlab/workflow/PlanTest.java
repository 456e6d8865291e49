package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.study.StudyFile;
import org.junit.jupiter.api.Test;

class PlanTest {

    /** Tasks that compute nothing, each with these inputs. */
    private static Plan plan(List<List<Integer>> inputs) {
        PlannedTask one = Planner.plan(
                        StudyFile.read("study: one\nseed: 1\nprobe: { shape: wide, tasks: 1 }\n", "one.yaml"))
                .tasks()
                .get(0);
        List<PlannedTask> tasks = new ArrayList<>();
        inputs.forEach(of -> tasks.add(new PlannedTask(tasks.size(), one.spec(), of, one.placement(), one.flops())));
        return new Plan(tasks, List.of(), 0);
    }

    private static final List<Integer> NONE = List.of();

    @Test
    void a_cycle_is_refused_and_its_path_named() {
        List<List<Integer>> inputs = List.of(NONE, List.of(0), List.of(0), List.of(1, 5), List.of(2), List.of(4, 3));

        assertThatThrownBy(() -> plan(inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no task of a plan may need itself, each of these needs the next: task 3 -> 5 -> 3");
    }

    @Test
    void a_task_that_needs_itself_is_a_cycle() {
        assertThatThrownBy(() -> plan(List.of(NONE, List.of(0, 1))))
                .hasMessageEndingWith("each of these needs the next: task 1 -> 1");
    }

    @Test
    void a_long_cycle_is_found_without_going_deep() {
        List<List<Integer>> chain = new ArrayList<>();
        chain.add(List.of(19_999));
        for (int i = 1; i < 20_000; i++) {
            chain.add(List.of(i - 1));
        }

        assertThatThrownBy(() -> plan(chain))
                .hasMessageContaining("task 0 -> 19999 -> 19998 -> ")
                .hasMessageEndingWith(" -> 1 -> 0");
    }

    @Test
    void an_input_must_come_before_what_needs_it() {
        assertThatThrownBy(() -> plan(List.of(List.of(1), NONE)))
                .hasMessage("the inputs of task 0 must be tasks before it, was 1");
        assertThatThrownBy(() -> plan(List.of(NONE, List.of(-1))))
                .hasMessage("the inputs of task 1 must be tasks before it, was -1");
        assertThatThrownBy(() -> plan(List.of(NONE, List.of(7))))
                .hasMessage("the inputs of task 1 must be tasks before it, was 7");
    }

    @Test
    void tasks_that_share_inputs_are_no_cycle() {
        assertThat(plan(List.of(NONE, List.of(0), List.of(0), List.of(1, 2, 1))).tasks())
                .hasSize(4);
    }
}
