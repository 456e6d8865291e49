package org.basinlab.workflow;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.study.Arm;
import org.basinlab.study.Control;
import org.basinlab.study.Evaluation;
import org.basinlab.study.Study;

/**
 * Says which networks the merges of an arm's first tree are set against. A tree is the groups of one group of its top
 * stage; its first leaf is the first of that group, which the tree never permutes, and the first merge of each stage is
 * the one that has this leaf in it. Only those merges are targets: so the targets of a tree share one leaf, and trees are
 * independent.
 */
final class ControlPlanner {

    private static final String PATH = "l2-path";

    private final Study study;
    private final Arm arm;
    private final TrainingRecipe training;
    private final Optional<TaskSpec.Images> accuracyOn;

    ControlPlanner(Study study, Arm arm) {
        this.study = study;
        this.arm = arm;
        // The first leaf of a tree, which is trained again, stands at an even place.
        this.training = arm.training().at(0).withoutSnapshots();
        this.accuracyOn = Optional.of(new TaskSpec.Images(arm.dataset(), Split.TEST, testImages(arm)));
    }

    /** As many as the study measures test accuracy on, so that what is equal there is equal in its results; else all. */
    private static Optional<Integer> testImages(Arm arm) {
        return arm.evaluate().stream()
                .filter(Evaluation.OfNetworks.class::isInstance)
                .map(Evaluation.OfNetworks.class::cast)
                .filter(evaluation -> evaluation.metric() instanceof MetricRequest.Accuracy)
                .flatMap(evaluation -> evaluation.images().stream())
                .filter(images -> images.split() == Split.TEST)
                .findFirst()
                .flatMap(Evaluation.Images::limit);
    }

    /** The L2 path that is asked for, with its networks for every tree. */
    Optional<Control.L2Path> path() {
        return arm.controls().stream()
                .filter(Control.L2Path.class::isInstance)
                .map(Control.L2Path.class::cast)
                .findFirst();
    }

    /** What answers together in the groups of the tree. */
    List<Control.Ensemble> ensemblesOfTree() {
        return ensembles().filter(ensemble -> ensemble.groups().isEmpty()).toList();
    }

    /** What answers together in groups of this size, of its own. */
    List<Control.Ensemble> ensemblesOf(int size) {
        return ensembles().filter(ensemble -> ensemble.groups().contains(size)).toList();
    }

    /** All sizes of groups of ensembles of their own, rising. */
    List<Integer> sizesOfEnsembles() {
        return ensembles()
                .flatMap(ensemble -> ensemble.groups().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<Control.Ensemble> ensembles() {
        return arm.controls().stream()
                .filter(Control.Ensemble.class::isInstance)
                .map(Control.Ensemble.class::cast);
    }

    /** How they answer: features as they are, and aligned. */
    static List<TaskSpec.Combination> combinations(Control.Ensemble ensemble) {
        if (ensemble instanceof Control.FeatureEnsemble) {
            return List.of(TaskSpec.Combination.ALIGNED_FEATURE_MEAN, TaskSpec.Combination.FEATURE_MEAN);
        }
        if (ensemble instanceof Control.FeatureEnsembleMeanHead) {
            return List.of(TaskSpec.Combination.ALIGNED_FEATURE_MEAN_HEAD, TaskSpec.Combination.FEATURE_MEAN_HEAD);
        }
        return List.of(
                ensemble instanceof Control.ProbabilityEnsemble
                        ? TaskSpec.Combination.PROBABILITY_MEAN
                        : TaskSpec.Combination.LOGIT_MEAN);
    }

    /** Whether block {@code group} of that size is a target: the first of its stage in a whole tree. */
    boolean isTarget(int group, int size) {
        int blocks = (1 << arm.tree().orElseThrow().stages()) / size;
        return group % blocks == 0 && group / blocks < arm.trees();
    }

    int treeOf(int group, int size) {
        return (group * size) >> arm.tree().orElseThrow().stages();
    }

    /** How the controls of one target are made, in the order in which they are laid out. */
    List<ControlStep> steps(long leaf) {
        long seed = Seeds.derive(study.seed(), "train", leaf);
        List<ControlStep> steps = new ArrayList<>();
        for (Control control : arm.controls()) {
            if (control instanceof Control.EarlyStop) {
                steps.add(new ControlStep.EarlyStop(architecture(), training, seed));
            } else if (control instanceof Control.L2Path path) {
                steps.add(new ControlStep.L2Path(
                        architecture(), training, seed, path.coefficients(), path.refinements()));
            } else if (control instanceof Control.WeightNoise) {
                steps.add(new ControlStep.WeightNoise());
            } else if (control instanceof Control.NormRescaled) {
                steps.add(new ControlStep.NormRescaled());
            } else if (control instanceof Control.NoiseMatched) {
                steps.add(new ControlStep.NoiseMatched());
            }
        }
        return steps;
    }

    private Architecture architecture() {
        return arm.network();
    }

    TaskSpec.Control spec(ControlStep step, long[] leaves) {
        return new TaskSpec.Control(
                step,
                Seeds.derive(study.seed(), "control/" + step.label(), leaves),
                step.readsImages() ? accuracyOn : Optional.empty());
    }

    Placement at(ControlStep step, Placement target, long leaf) {
        return new Placement(
                arm.name(),
                step.label(),
                target.stage(),
                target.groupSize(),
                target.groupId(),
                "none",
                "",
                OptionalLong.of(leaf));
    }

    /** The leaf's training with another L2 penalty. */
    TaskSpec.Train pathTraining(double coefficient, long leaf) {
        double l1 = training.penalty().map(Penalty::l1).orElse(0.0);
        return new TaskSpec.Train(
                arm.dataset(),
                architecture(),
                training.withPenalty(new Penalty(l1, coefficient)),
                Seeds.derive(study.seed(), "train", leaf));
    }

    Placement onPath(double coefficient, int tree, long leaf) {
        String variant =
                "l2=" + BigDecimal.valueOf(coefficient).stripTrailingZeros().toPlainString();
        return new Placement(arm.name(), PATH, OptionalInt.of(0), 1, tree, "none", variant, OptionalLong.of(leaf));
    }

    Placement ensemble(Control.Ensemble ensemble, TaskSpec.Combination how, OptionalInt stage, int size, int group) {
        boolean naive = ensemble.ofFeatures() && !how.isAligned();
        return new Placement(
                arm.name(),
                ensemble.label(),
                stage,
                size,
                group,
                how.isAligned() ? "weight" : "none",
                naive ? "naive" : "",
                OptionalLong.empty());
    }

    /** Of what is known without a network. */
    Placement exact(TaskSpec.Evaluate evaluation) {
        return new Placement(
                arm.name(), evaluation.metric().label(), OptionalInt.empty(), 2, 0, "none", "", OptionalLong.empty());
    }
}
