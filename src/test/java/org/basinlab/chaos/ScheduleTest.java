package org.basinlab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void the_same_seed_draws_the_same_faults_in_the_same_order_with_the_same_pauses() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(Schedule.draw(settings(seed, 20))).isEqualTo(Schedule.draw(settings(seed, 20)));
            assertThat(Schedule.draw(settings(seed, 0.5))).isEqualTo(Schedule.draw(settings(seed, 0.5)));
        }
    }

    @Test
    void another_seed_draws_others() {
        Set<Schedule> drawn = java.util.stream.LongStream.range(0, 50)
                .mapToObj(seed -> Schedule.draw(settings(seed, 20)))
                .collect(Collectors.toSet());

        assertThat(drawn).hasSize(50);
    }

    @Test
    void every_kind_of_fault_and_every_place_comes_before_one_comes_again() {
        for (long seed = 0; seed < 20; seed++) {
            List<Fault> first = Schedule.draw(settings(seed, 20)).steps().stream()
                    .limit(28)
                    .map(Schedule.Step::fault)
                    .toList();

            assertThat(first.stream().map(Object::getClass).distinct())
                    .hasSize(Fault.class.getPermittedSubclasses().length);
            assertThat(first)
                    .filteredOn(Fault.KilledAtPoint.class::isInstance)
                    .extracting(fault -> ((Fault.KilledAtPoint) fault).point())
                    .containsExactlyInAnyOrder(FaultPoint.values());
        }
    }

    @Test
    void a_short_run_has_a_death_at_a_place_first_and_a_restart_of_the_store() {
        for (long seed = 0; seed < 50; seed++) {
            List<Fault> faults = Schedule.draw(settings(seed, 0.5)).steps().stream()
                    .map(Schedule.Step::fault)
                    .toList();

            assertThat(faults).hasSize(6);
            assertThat(faults.get(0)).isInstanceOf(Fault.KilledAtPoint.class);
            assertThat(faults)
                    .filteredOn(fault -> fault instanceof Fault.StoreRestarted || fault instanceof Fault.StoreKilled)
                    .hasSize(1);
        }
    }

    @Test
    void what_is_named_comes_once_whatever_the_time() {
        List<Fault> faults =
                Schedule.draw(settings(3, 0.1, "server-killed", "cancel-pending", "network-cut")).steps().stream()
                        .map(Schedule.Step::fault)
                        .toList();

        assertThat(faults)
                .extracting(Fault::label)
                .containsExactlyInAnyOrder("server-killed", "killed-at-point", "network-cut", "network-cut");
        assertThatThrownBy(() -> Schedule.draw(settings(3, 0.1, "rain")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "--only must name scenarios or places, 'rain' is none of after-acknowledgement, ");
    }

    @Test
    void poison_holds_every_misbehaviour_and_one_that_waits_for_all() {
        for (long seed = 0; seed < 20; seed++) {
            Poisoned drawn = Poisoned.draw(Seeds.generator(seed));

            List<PlannedTask> tasks = Poisoned.plan(drawn.study());

            assertThat(tasks.subList(0, tasks.size() - 1))
                    .allSatisfy(task -> assertThat(task.inputs()).isEmpty())
                    .extracting(Poisoned::behaviour)
                    .contains(
                            ProbeBehaviour.OK,
                            ProbeBehaviour.THROWS,
                            ProbeBehaviour.REJECTS,
                            ProbeBehaviour.OUT_OF_MEMORY,
                            ProbeBehaviour.CRASH);
            assertThat(tasks.get(tasks.size() - 1).inputs()).hasSize(tasks.size() - 1);
            assertThat(Poisoned.behaviour(tasks.get(tasks.size() - 1))).isEqualTo(ProbeBehaviour.OK);
        }
    }

    @Test
    void the_study_for_a_death_at_a_place_has_every_kind_of_task_that_passes_one() {
        List<TaskSpec> specs = Planner.plan(StudyFile.read(StudyTexts.small().withSeed(5), "small")).tasks().stream()
                .map(PlannedTask::spec)
                .toList();

        assertThat(specs).extracting(TaskSpec::kind).contains(TaskSpec.Kind.TRAIN, TaskSpec.Kind.MERGE);
        assertThat(specs)
                .anySatisfy(spec -> assertThat(spec)
                        .isInstanceOfSatisfying(
                                TaskSpec.Evaluate.class,
                                evaluate -> assertThat(evaluate.metric()).isInstanceOf(MetricRequest.Fgsm.class)));
    }

    @Test
    void the_small_study_is_asked_under_any_seed() {
        String first = StudyTexts.small().withSeed(5);

        assertThat(first)
                .containsOnlyOnce("seed: 5")
                .isNotEqualTo(StudyTexts.small().withSeed(6));
        assertThat(new StudyTexts("study: x").withSeed(7)).isEqualTo("study: x\nseed: 7\n");
        assertThat(StudyFile.read(first, "small").seed()).isEqualTo(5);
    }

    @Test
    void a_run_that_could_show_nothing_is_refused() {
        assertThatThrownBy(() -> settings(1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--minutes must lie above 0");
        assertThatThrownBy(() -> new ChaosSettings(1, 1, 1, 30, Optional.empty(), Set.of(), Path.of("x"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--workers must lie in [2, 64], was 1");
        assertThatThrownBy(() -> new ChaosSettings(1, 1, 2, 31, Optional.empty(), Set.of(), Path.of("x"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--lease must lie in [3, 30] seconds, was 31");
    }

    private static ChaosSettings settings(long seed, double minutes, String... only) {
        return new ChaosSettings(
                seed, minutes, 3, 30, Optional.empty(), Set.of(only), Path.of("nowhere"), List.of("java"));
    }
}
