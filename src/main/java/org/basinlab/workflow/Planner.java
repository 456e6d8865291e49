package org.basinlab.workflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.study.Arm;
import org.basinlab.study.ClaimRegister;
import org.basinlab.study.Study;

/**
 * Lays a study out as tasks. Pure: equal studies give equal plans on every machine, in time proportional to the tasks
 * and the sizes of the groups.
 *
 * <p><b>Groups.</b> One shuffle per arm, seeded by the study's seed and the arm's order (its name; arms made by factors have
 * that of {@code main}), orders its networks; the groups
 * of every size and scheme are contiguous blocks of that order, so that merges of one size hold the same leaves, and the
 * blocks of stage s are pairs of blocks of stage s − 1. Leaves that fill no block are left out of that merge and counted. An
 * extension shuffles its own seeds and puts them behind: no block that was whole before holds another leaf for it; the leaves
 * that were left out and the first of the new ones fill the next block together.
 *
 * <p><b>Seeds.</b> A training's seed depends on the study's seed and the leaf's, a merge's on the study's seed and its
 * leaves in order: neither on the arm, so that equal work in two arms is equal and done once.
 *
 * A control's depends on the study's seed, its kind and the leaves of the merge that it is set against, a random metric's
 * on the study's seed and its name.
 *
 * <p><b>Order.</b> A depth-first walk: the next leaf is trained and measured, then every group that this leaf completes is
 * merged and measured, small groups first; a merge is followed by what it is set against. Workers take the ready task of the lowest ordinal, so a finished network is
 * measured and merged before another is trained: the first results of every stage come early, the top of a tree as soon
 * as its leaves are there, and what is not done yet needs few checkpoints. With several workers training stays the
 * filler: it needs no inputs, so nobody waits for a merge. Last, for each paper of whose claims the study
 * lists some, stands the task that decides these.
 */
public final class Planner {

    /** Bytes of a checkpoint beside its weights: names, shapes and provenance. */
    private static final int CHECKPOINT_HEADER = 1_024;

    /** Roughly what the intervals of one claim take: its specifications, each with thousands of resamples. */
    private static final double JUDGING = 1e9;

    private final List<PlannedTask> tasks = new ArrayList<>();
    private final Set<Plan.LeftOut> leftOut = new LinkedHashSet<>();
    private long checkpointBytes;

    private Planner() {}

    /** Every task of the study, in the order in which it is best worked through; claims are those of the shipped register. */
    public static Plan plan(Study study) {
        return plan(study, ClaimRegister::shipped);
    }

    /** The same with the claims of another register. */
    public static Plan plan(Study study, ClaimRegister register) {
        return plan(study, () -> register);
    }

    private static Plan plan(Study study, Supplier<ClaimRegister> register) {
        Planner planner = new Planner();
        for (Arm arm : study.arms()) {
            planner.add(study, arm);
        }
        study.probe().ifPresent(probe -> planner.tasks.addAll(ProbePlanner.plan(study, probe)));
        if (!study.claims().isEmpty()) {
            planner.judge(study, register.get());
        }
        return new Plan(planner.tasks, List.copyOf(planner.leftOut), planner.checkpointBytes);
    }

    /** One task a paper, in the order of the register. */
    private void judge(Study study, ClaimRegister register) {
        Map<String, List<String>> byPaper = new LinkedHashMap<>();
        for (String claim : study.claims()) {
            byPaper.computeIfAbsent(register.get(claim).paper().id(), paper -> new ArrayList<>())
                    .add(claim);
        }
        byPaper.forEach((paper, claims) -> tasks.add(new PlannedTask(
                tasks.size(),
                new TaskSpec.Judge(paper, claims),
                List.of(),
                Placement.ofJudge(),
                claims.size() * JUDGING)));
    }

    private void add(Study study, Arm arm) {
        for (MergeScheme scheme : arm.merge()) {
            for (int size : scheme.sizes()) {
                int rest = arm.leaves() % size;
                if (rest > 0) {
                    leftOut.add(new Plan.LeftOut(arm.name(), scheme.label(), size, rest));
                }
            }
        }
        int networks = new ArmPlanner(study, arm, tasks).plan();
        long stored = networks + arm.leaves() * snapshots(arm);
        checkpointBytes += stored * (4L * arm.network().parameterCount() + CHECKPOINT_HEADER);
    }

    /** How many networks are stored along each training; that after the last step is none of them. */
    private static long snapshots(Arm arm) {
        TrainingRecipe training = arm.training();
        KnownDataset data = arm.dataset().name();
        long images = training.subset().map(some -> some.images(data)).orElse(data.images(Split.TRAIN));
        return training.snapshots(images);
    }
}
