package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.StopRule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskSpecTest {

    private static final DatasetRef CIFAR10 = new DatasetRef(
            KnownDataset.CIFAR10, new Normalisation.Named(Normalisation.Choice.HALF), Optional.of("0a".repeat(32)));
    private static final DatasetRef SHAPES = new DatasetRef(
            KnownDataset.SYNTHETIC_SHAPES,
            new Normalisation.Constants(List.of(0.1, 0.2, 0.3), List.of(1.0, 0.5, 1e-3)),
            Optional.empty());
    private static final Architecture MLP = new Architecture.Mlp(3072, List.of(512, 256), 10);
    private static final Matching WEIGHT = new Matching.Weight();
    private static final Optional<TaskSpec.Images> SEEN =
            Optional.of(new TaskSpec.Images(CIFAR10, Split.TRAIN, Optional.of(500)));

    static List<TaskSpec> everyCase() {
        return List.of(
                new TaskSpec.Train(CIFAR10, MLP, training(new Optimiser.Sgd(0.1, 0.9), Schedule.COSINE), -1),
                new TaskSpec.Train(SHAPES, MLP, training(Optimiser.Adam.withDefaults(1e-3), Schedule.CONSTANT), 1),
                new TaskSpec.Merge(new MergeStep.Pair(WEIGHT, 0.5), Long.MAX_VALUE),
                new TaskSpec.Merge(new MergeStep.Many(WEIGHT, Rounds.CONVERGED, StopRule.L2), Long.MIN_VALUE),
                new TaskSpec.Merge(new MergeStep.Many(WEIGHT, new Rounds(5), StopRule.IDENTITY), 0),
                new TaskSpec.Merge(new MergeStep.Reference(WEIGHT), 3),
                new TaskSpec.Merge(new MergeStep.Mean(), 4),
                new TaskSpec.Merge(new MergeStep.Mean(Optional.of(Repair.RESCALE)), 4, SEEN),
                new TaskSpec.Merge(new MergeStep.Mean(), 4, SEEN),
                new TaskSpec.Merge(new MergeStep.Sequential(WEIGHT), 3),
                new TaskSpec.Merge(new MergeStep.Sequential(WEIGHT, Optional.of(Repair.REPAIR)), 3, SEEN),
                new TaskSpec.Merge(new MergeStep.CycleConsistent(100, Optional.empty()), 3),
                new TaskSpec.Merge(new MergeStep.GreedySoup(new Matching.None(), Optional.empty()), 3, SEEN),
                new TaskSpec.Evaluate(
                        new MetricRequest.Accuracy(),
                        Optional.of(new TaskSpec.Images(SHAPES, Split.TEST)),
                        Optional.empty(),
                        Optional.empty(),
                        SEEN),
                new TaskSpec.Evaluate(
                        new MetricRequest.Accuracy(), Optional.of(new TaskSpec.Images(SHAPES, Split.TRAIN))),
                new TaskSpec.Evaluate(new MetricRequest.WeightNorm(), Optional.empty()),
                new TaskSpec.Probe("queue-probe/tree/1/0", 0.25, ProbeBehaviour.THROWS_ONCE));
    }

    private static TrainingRecipe training(Optimiser optimiser, Schedule schedule) {
        return new TrainingRecipe(6, 500, optimiser, schedule, Augmentation.NONE);
    }

    @ParameterizedTest
    @MethodSource("everyCase")
    void a_task_is_the_same_after_writing_and_reading_its_canonical_text(TaskSpec spec) {
        String text = CanonicalJson.write(spec);

        TaskSpec read = CanonicalJson.read(text, TaskSpec.class);

        assertThat(read).isEqualTo(spec);
        assertThat(CanonicalJson.write(read)).isEqualTo(text);
        assertThat(text).startsWith("{\"%s\":{".formatted(spec.kind().label()));
    }

    @Test
    void different_tasks_have_different_keys() {
        assertThat(everyCase().stream().map(spec -> TaskKey.of(spec, List.of(), Optional.empty())))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_text_that_is_no_task_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.read("{\"paint\":{}}", TaskSpec.class));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CanonicalJson.read(
                        "{\"merge\":{\"step\":{\"many\":{\"matching\":{\"weight\":{}},\"rounds\":\"some\",\"stop\":\"l2\"}},"
                                + "\"seed\":1}}",
                        TaskSpec.class));
    }

    @Test
    void what_was_there_before_repairs_has_the_text_that_it_had() {
        assertThat(CanonicalJson.write(new TaskSpec.Merge(new MergeStep.Pair(WEIGHT, 0.5), 1)))
                .isEqualTo("{\"merge\":{\"seed\":1,\"step\":{\"pair\":{\"matching\":{\"weight\":{}},\"share\":0.5}}}}");
        assertThat(CanonicalJson.write(
                        new TaskSpec.Merge(new MergeStep.Many(WEIGHT, Rounds.CONVERGED, StopRule.L2), 1)))
                .isEqualTo("{\"merge\":{\"seed\":1,\"step\":{\"many\":{\"matching\":{\"weight\":{}},"
                        + "\"rounds\":\"converged\",\"stop\":\"l2\"}}}}");
        assertThat(CanonicalJson.write(new TaskSpec.Merge(new MergeStep.Reference(WEIGHT), 1)))
                .isEqualTo("{\"merge\":{\"seed\":1,\"step\":{\"reference\":{\"matching\":{\"weight\":{}}}}}}");
        assertThat(CanonicalJson.write(new TaskSpec.Merge(new MergeStep.Mean(), 1)))
                .isEqualTo("{\"merge\":{\"seed\":1,\"step\":{\"mean\":{}}}}");
        assertThat(CanonicalJson.write(new TaskSpec.Evaluate(new MetricRequest.WeightNorm(), Optional.empty())))
                .isEqualTo("{\"evaluate\":{\"images\":null,\"metric\":{\"weight-norm\":{}}}}");
    }

    @Test
    void a_merge_that_looks_at_images_must_have_some() {
        for (MergeStep step : List.of(
                new MergeStep.Mean(Optional.of(Repair.REPAIR)),
                new MergeStep.GreedySoup(WEIGHT, Optional.empty()),
                new MergeStep.Pair(WEIGHT, 0.5, Optional.of(Permuted.BETTER)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TaskSpec.Merge(step, 1))
                    .withMessageStartingWith("a merge needs images where the better of a pair is permuted");
        }
    }
}
