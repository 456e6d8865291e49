package org.basinlab.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.MergeStep;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.Placement;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.TaskSpec;

/** A plan put together by hand, task by task, of small networks on the built-in images. */
public final class SmallPlan {

    private final Study study;
    private final List<PlannedTask> tasks = new ArrayList<>();

    /** A seed of its own makes it new work. */
    public SmallPlan(long seed) {
        this.study = StudyFile.read("""
                study: small-plan
                seed: %d
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [6, 4] } }
                training:
                  seeds: { from: 0, count: 2 }
                  epochs: 2
                  batch: 500
                  optimiser: { adam: { learningRate: 0.003 } }
                """.formatted(seed), "small-plan.yaml");
    }

    public Study study() {
        return study;
    }

    public Arm arm() {
        return study.arms().get(0);
    }

    public Plan plan() {
        return new Plan(tasks, List.of(), 0);
    }

    /** @param leaf number of the network, which its training seed follows from */
    public int train(int leaf) {
        TaskSpec spec = new TaskSpec.Train(arm().dataset(), arm().network(), arm().training(), seed(leaf));
        return add(spec, placed("trained", 1, OptionalLong.of(leaf)));
    }

    public long seed(int leaf) {
        return 1_000 * study.seed() + leaf;
    }

    public int merge(MergeStep.Pair step, int... inputs) {
        return merge(new TaskSpec.Merge(step, study.seed()), inputs);
    }

    public int merge(TaskSpec.Merge spec, int... inputs) {
        return add(spec, placed("hierarchical", inputs.length, OptionalLong.empty()), inputs);
    }

    public int control(ControlStep step, TaskSpec.Images images, int... inputs) {
        TaskSpec spec = new TaskSpec.Control(
                step, study.seed(), step.readsImages() ? java.util.Optional.of(images) : java.util.Optional.empty());
        return add(spec, placed(step.label(), 2, OptionalLong.of(0)), inputs);
    }

    public int evaluate(TaskSpec.Evaluate spec, int... inputs) {
        Placement placement = spec.combination().isPresent()
                ? placed("logit-ensemble", inputs.length, OptionalLong.empty())
                : tasks.get(inputs[0]).placement();
        return add(spec, placement, inputs);
    }

    private int add(TaskSpec spec, Placement placement, int... inputs) {
        int ordinal = tasks.size();
        tasks.add(new PlannedTask(ordinal, spec, Arrays.stream(inputs).boxed().toList(), placement, 1e6));
        return ordinal;
    }

    private static Placement placed(String scheme, int size, OptionalLong seed) {
        int stage = Integer.numberOfTrailingZeros(size);
        return new Placement("main", scheme, OptionalInt.of(stage), size, 0, "none", "", seed);
    }
}
