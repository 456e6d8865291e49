package org.basinlab.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.OutputBias;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.study.Arm;
import org.basinlab.study.Evaluation;
import org.basinlab.study.Study;

/**
 * What is asked of an arm's networks, as the tasks say it. A metric's seed depends on the study's seed and its name alone:
 * all networks see the same noise, so that differences between them are not its doing.
 */
final class Measures {

    /** Images by whose loss the better of a pair is known. */
    private static final int BETTER_IMAGES = 10_000;

    private final List<TaskSpec.Evaluate> primary = new ArrayList<>();
    private final List<TaskSpec.Evaluate> every = new ArrayList<>();
    private final List<TaskSpec.Evaluate> path = new ArrayList<>();
    private final List<TaskSpec.Evaluate> together = new ArrayList<>();
    private final List<TaskSpec.Evaluate> groups = new ArrayList<>();
    private final List<TaskSpec.Evaluate> exact = new ArrayList<>();
    private final List<Pairs> pairs = new ArrayList<>();
    private final List<TaskSpec.Images> rounds = new ArrayList<>();
    private final Study study;
    private final Arm arm;
    private final boolean batchNorm;

    private record Pairs(TaskSpec.Evaluate spec, Evaluation.Nodes nodes) {}

    Measures(Study study, Arm arm) {
        this.study = study;
        this.arm = arm;
        batchNorm = arm.network().graph().hasBatchNorm();
        for (Evaluation evaluation : arm.evaluate()) {
            if (evaluation instanceof Evaluation.OfNetworks ofNetworks) {
                add(ofNetworks);
            } else if (evaluation instanceof Evaluation.OfPairs ofPairs) {
                pairs.add(new Pairs(
                        new TaskSpec.Evaluate(asMerged(ofPairs.metric()), Optional.of(images(ofPairs.images()))),
                        ofPairs.nodes()));
            } else if (evaluation instanceof Evaluation.OfRounds ofRounds) {
                rounds.add(images(ofRounds.images()));
            } else if (evaluation instanceof Evaluation.OfGroups ofGroups) {
                groups.add(new TaskSpec.Evaluate(ofGroups.metric(), Optional.of(images(ofGroups.images()))));
            } else if (evaluation instanceof Evaluation.Exact known) {
                exact.add(new TaskSpec.Evaluate(known.metric(), Optional.empty()));
            }
        }
    }

    private void add(Evaluation.OfNetworks evaluation) {
        MetricRequest metric = evaluation.metric();
        Optional<TaskSpec.Images> images = evaluation.images().map(this::images);
        Optional<Long> seed = metric.isRandom()
                ? Optional.of(Seeds.derive(study.seed(), "evaluate/" + metric.label()))
                : Optional.empty();
        TaskSpec.Evaluate spec = new TaskSpec.Evaluate(metric, images, seed, Optional.empty());
        primary.add(spec);
        if (evaluation.of() == Evaluation.Population.ALL) {
            every.add(spec);
        }
        boolean accuracy = metric instanceof MetricRequest.Accuracy;
        if (accuracy || metric instanceof MetricRequest.WeightNorm) {
            path.add(spec);
        }
        if (accuracy || metric instanceof MetricRequest.Calibration) {
            together.add(spec);
        }
    }

    /** The path is that of the tree's merges, with the fault that they have. */
    private MetricRequest asMerged(MetricRequest.Barrier barrier) {
        boolean aliased = arm.tree()
                .flatMap(MergeScheme.Hierarchical::permute)
                .filter(Permuted.SECOND_ALIASED::equals)
                .isPresent();
        return aliased ? new MetricRequest.Barrier(barrier.lambdas(), Optional.of(OutputBias.ALIASED)) : barrier;
    }

    private TaskSpec.Images images(Evaluation.Images images) {
        DatasetRef trained = arm.dataset();
        DatasetRef seen = images.normalise()
                .map(other -> new DatasetRef(trained.name(), other, trained.digest()))
                .orElse(trained);
        return new TaskSpec.Images(seen, images.split(), images.limit());
    }

    /** Of trained networks, controls and the first setting of every scheme. */
    List<TaskSpec.Evaluate> ofPrimary() {
        return primary;
    }

    /** Of the merges by other settings. */
    List<TaskSpec.Evaluate> ofEvery() {
        return every;
    }

    /** Of the networks along an L2 path. */
    List<TaskSpec.Evaluate> ofPath() {
        return path;
    }

    /**
     * Of networks that answer together.
     *
     * @param seed of their alignment
     */
    List<TaskSpec.Evaluate> ofEnsemble(TaskSpec.Combination how, long seed) {
        List<TaskSpec.Evaluate> asked = new ArrayList<>(together);
        if (how != TaskSpec.Combination.PROBABILITY_MEAN) {
            asked.addAll(groups);
        }
        return asked.stream()
                .map(spec -> new TaskSpec.Evaluate(
                        spec.metric(),
                        spec.images(),
                        how.isAligned() ? Optional.of(seed) : Optional.empty(),
                        Optional.of(how)))
                .toList();
    }

    /** Of a trained network alone, and of a mean of networks with these. */
    List<TaskSpec.Evaluate> ofGroup() {
        return groups;
    }

    /** Of no network. */
    List<TaskSpec.Evaluate> exact() {
        return exact;
    }

    /** The training images that a merge by this scheme looks at; empty where it looks at none. */
    Optional<TaskSpec.Images> ofMerging(MergeScheme scheme) {
        if (scheme.step().readsImages() || batchNorm) {
            return Optional.of(training(scheme.images()));
        }
        if (TaskSpec.Merge.movesBetter(scheme.step())) {
            int most = Math.min(BETTER_IMAGES, arm.dataset().name().images(Split.TRAIN));
            return Optional.of(training(Optional.of(
                    scheme.images().map(limit -> Math.min(limit, most)).orElse(most))));
        }
        return Optional.empty();
    }

    private TaskSpec.Images training(Optional<Integer> limit) {
        return new TaskSpec.Images(arm.dataset(), Split.TRAIN, limit);
    }

    /** Of a merge of the first tree; points of a path are networks that no merge finished: their statistics are estimated anew. */
    List<TaskSpec.Evaluate> ofPair(MergeScheme tree, int groupSize) {
        Optional<TaskSpec.Images> finishing = batchNorm ? Optional.of(training(tree.images())) : Optional.empty();
        return pairs.stream()
                .filter(pair -> groupSize == 2 || pair.nodes == Evaluation.Nodes.ALL)
                .map(pair -> pair.spec)
                .map(spec ->
                        new TaskSpec.Evaluate(spec.metric(), spec.images(), spec.seed(), spec.combination(), finishing))
                .toList();
    }

    /** Of a merge by the first MergeMany, which {@code made}. */
    List<TaskSpec.Evaluate> ofRounds(MergeScheme scheme, TaskSpec.Merge made) {
        return made.step() instanceof MergeStep.Many many
                ? rounds.stream()
                        .map(images -> new TaskSpec.Evaluate(
                                new MetricRequest.RunningMean(many, made.seed()),
                                Optional.of(images),
                                Optional.empty(),
                                Optional.empty(),
                                ofMerging(scheme)))
                        .toList()
                : List.of();
    }
}
