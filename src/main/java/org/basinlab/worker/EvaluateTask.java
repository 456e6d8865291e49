package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.evaluation.Ensemble;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.Lineage;
import org.basinlab.merging.Merging;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Measures one network, or several as one. */
@ApplicationScoped
class EvaluateTask {

    private final NetworkShelf networks;
    private final DataShelf data;
    private final Lineage lineage;

    EvaluateTask(NetworkShelf networks, DataShelf data, Lineage lineage) {
        this.networks = networks;
        this.data = data;
        this.lineage = lineage;
    }

    TaskOutcome run(TaskSpec.Evaluate spec, Lease lease, Progress progress) {
        List<Weights> weights = lease.inputs().stream()
                .map(input -> networks.get(input.sha256()).weights())
                .toList();
        Optional<NormalisedImages> images = spec.images().map(some -> data.images(some, lease.dataDigest()));
        Split split = spec.images().map(TaskSpec.Images::split).orElse(Split.TEST);
        boolean looksInto = spec.metric() instanceof MetricRequest.Barrier
                || (spec.metric() instanceof MetricRequest.Scaling
                        && weights.size() > 1
                        && spec.combination().isEmpty());
        List<Permutations> moved = looksInto ? moved(lease.inputs(), weights) : List.of();
        List<Weights> measuredOf =
                spec.combination().filter(TaskSpec.Combination::isAligned).isPresent()
                        ? aligned(weights, spec.seed().orElseThrow(), progress)
                        : weights;
        Optional<NormalisedImages> training = spec.training().map(some -> data.images(some, lease.dataDigest()));
        Subject subject =
                new Subject(measuredOf, images, split, moved, spec.combination().map(EvaluateTask::how), training);
        Optional<Long> seed = spec.metric().isRandom() ? spec.seed() : Optional.empty();
        Measured measured = Measuring.of(spec.metric(), subject, seed, progress);
        return new TaskOutcome.Succeeded(
                Optional.empty(), measured.measurements(), measured.images(), measured.checks());
    }

    private static Ensemble.How how(TaskSpec.Combination combination) {
        return switch (combination) {
            case LOGIT_MEAN -> Ensemble.How.LOGITS;
            case PROBABILITY_MEAN -> Ensemble.How.PROBABILITIES;
            case FEATURE_MEAN, ALIGNED_FEATURE_MEAN -> Ensemble.How.FEATURES;
            case FEATURE_MEAN_HEAD, ALIGNED_FEATURE_MEAN_HEAD -> Ensemble.How.FEATURES_MEAN_HEAD;
        };
    }

    /** Each as a reference merge of them moves it: the first stays as it is. */
    private static List<Weights> aligned(List<Weights> networks, long seed, Progress progress) {
        List<Permutations> moves = Merging.merge(
                        new MergeStep.Reference(new Matching.Weight()), networks, seed, progress)
                .permutationOfInput();
        return IntStream.range(0, networks.size())
                .mapToObj(k -> moves.get(k).apply(networks.get(k)))
                .toList();
    }

    /** By which permutation the merge, the first input, moved each of the others. */
    private List<Permutations> moved(List<Lease.Input> inputs, List<Weights> weights) {
        List<Lineage.Parent> parents = lineage.parents(inputs.get(0).network());
        List<String> made = parents.stream().map(Lineage.Parent::sha256).toList();
        List<String> given = inputs.stream().skip(1).map(Lease.Input::sha256).toList();
        if (!given.equals(made)) {
            throw new IllegalArgumentException(
                    "a merge is looked into with the networks that it was made of: %s was made of %s, was given %s"
                            .formatted(inputs.get(0).sha256(), made, given));
        }
        PermutationSpec spec = PermutationSpec.of(weights.get(0).architecture());
        return parents.stream()
                .map(parent -> parent.permutation().map(Permutations::of).orElseGet(() -> Permutations.identity(spec)))
                .toList();
    }
}
