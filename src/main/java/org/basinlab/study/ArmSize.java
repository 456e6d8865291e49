package org.basinlab.study;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MetricRequest;

/**
 * How much work a population is, known before any of it is laid out; n trained networks in groups of g give ⌊n/g⌋
 * merged ones.
 *
 * @param networks trained, merged and made as controls
 * @param tasks to train, to merge and to measure them
 * @param inputs of all tasks together: a task's inputs are the networks that it takes
 */
public record ArmSize(long networks, long tasks, long inputs) {

    /** Of one population. */
    public static final int MOST_NETWORKS = 20_000;

    /** Of a whole study: the paper's 1,600 networks with all that is asked of them are about 150,000. */
    public static final int MOST_TASKS = 250_000;

    /** Of a whole study. */
    public static final int MOST_INPUTS = 1_000_000;

    // No overflow anywhere: at most 100,000 seeds in less than a million groups' sizes (a specification has 1 MiB).

    public static ArmSize of(Arm arm) {
        long leaves = arm.leaves();
        long primary = measurements(arm, Evaluation.Population.PRIMARY);
        long every = measurements(arm, Evaluation.Population.ALL);
        ArmSize size = networks(leaves, 0, primary);
        for (MergeScheme scheme : arm.merge()) {
            long each = arm.isPrimary(scheme) ? primary : every;
            for (int group : scheme.sizes()) {
                size = size.plus(networks(leaves / group, scheme.pairwise() ? 2 : group, each));
            }
        }
        return size.plus(controls(arm, primary)).plus(together(arm)).plus(lookedInto(arm));
    }

    /** So many networks, each of {@code inputs} others and measured so often. */
    private static ArmSize networks(long networks, long inputs, long measurements) {
        return new ArmSize(networks, networks * (1 + measurements), networks * (inputs + measurements));
    }

    private ArmSize plus(ArmSize other) {
        return new ArmSize(networks + other.networks, tasks + other.tasks, inputs + other.inputs);
    }

    /** Of a network: what is asked of all, or of the primary ones, of which all is asked. */
    private static long measurements(Arm arm, Evaluation.Population population) {
        return arm.evaluate().stream()
                .filter(Evaluation.OfNetworks.class::isInstance)
                .map(Evaluation.OfNetworks.class::cast)
                .filter(evaluation -> population == Evaluation.Population.PRIMARY || evaluation.of() == population)
                .count();
    }

    private static long measurements(Arm arm, List<Class<? extends MetricRequest>> metrics) {
        return arm.evaluate().stream()
                .filter(evaluation -> evaluation instanceof Evaluation.OfNetworks ofNetworks
                        && metrics.contains(ofNetworks.metric().getClass()))
                .count();
    }

    private static ArmSize controls(Arm arm, long primary) {
        Optional<MergeScheme.Hierarchical> tree = arm.tree();
        ArmSize size = new ArmSize(0, 0, 0);
        if (tree.isEmpty()) {
            return size;
        }
        long trees = arm.trees();
        long targets = trees * tree.get().stages();
        for (Control control : arm.controls()) {
            if (control instanceof Control.Ensemble) {
                continue; // no networks, and of arms without a tree too
            }
            if (control instanceof Control.L2Path path) {
                long coefficients = path.coefficients().size();
                long asked = measurements(arm, List.of(MetricRequest.Accuracy.class, MetricRequest.WeightNorm.class));
                size = size.plus(networks(trees * coefficients, 0, asked))
                        .plus(networks(targets, 2 + coefficients, primary));
            } else {
                size = size.plus(networks(targets, control instanceof Control.EarlyStop ? 1 : 2, primary));
            }
        }
        return size;
    }

    private static ArmSize together(Arm arm) {
        long asked = measurements(arm, List.of(MetricRequest.Accuracy.class, MetricRequest.Calibration.class));
        long scaled = arm.evaluate().stream()
                .filter(Evaluation.OfGroups.class::isInstance)
                .count();
        ArmSize size = new ArmSize(0, 0, 0);
        for (Control control : arm.controls()) {
            if (control instanceof Control.Ensemble ensemble) {
                List<Integer> sizes = ensemble.groups().isEmpty()
                        ? arm.tree().map(MergeScheme.Hierarchical::sizes).orElse(List.of())
                        : ensemble.groups();
                long each = (ensemble.ofFeatures() ? 2 : 1)
                        * (asked + (ensemble instanceof Control.ProbabilityEnsemble ? 0 : scaled));
                for (int group : sizes) {
                    long groups = arm.leaves() / group;
                    size = size.plus(new ArmSize(0, groups * each, groups * each * group));
                }
            }
        }
        return size;
    }

    /** Of every mean of networks with the networks, and of every trained network alone. */
    private static ArmSize scaled(Arm arm) {
        long leaves = arm.leaves();
        ArmSize size = new ArmSize(0, leaves, leaves);
        for (MergeScheme scheme : arm.merge()) {
            if (arm.isMeanOfNetworks(scheme)) {
                for (int group : scheme.sizes()) {
                    size = size.plus(new ArmSize(0, leaves / group, leaves / group * (1 + group)));
                }
            }
        }
        return size;
    }

    /** Merges that are looked into: by barriers with their two halves, by running means with their leaves. */
    private static ArmSize lookedInto(Arm arm) {
        long leaves = arm.leaves();
        ArmSize size = new ArmSize(0, 0, 0);
        for (Evaluation evaluation : arm.evaluate()) {
            if (evaluation instanceof Evaluation.OfPairs pairs && arm.tree().isPresent()) {
                for (int group : arm.tree().get().sizes()) {
                    if (group == 2 || pairs.nodes() == Evaluation.Nodes.ALL) {
                        size = size.plus(new ArmSize(0, leaves / group, 3 * (leaves / group)));
                    }
                }
            } else if (evaluation instanceof Evaluation.OfRounds
                    && arm.mergeMany().isPresent()) {
                for (int group : arm.mergeMany().get().sizes()) {
                    size = size.plus(new ArmSize(0, leaves / group, leaves / group * (1 + group)));
                }
            } else if (evaluation instanceof Evaluation.OfGroups) {
                size = size.plus(scaled(arm));
            } else if (evaluation instanceof Evaluation.Exact) {
                size = size.plus(new ArmSize(0, 1, 0));
            }
        }
        return size;
    }
}
