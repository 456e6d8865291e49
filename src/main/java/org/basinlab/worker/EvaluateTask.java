package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.Lineage;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
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
        List<Permutations> moved =
                spec.metric() instanceof MetricRequest.Barrier ? moved(lease.inputs(), weights) : List.of();
        Optional<NormalisedImages> training = spec.training().map(some -> data.images(some, lease.dataDigest()));
        Subject subject =
                new Subject(weights, images, split, moved, spec.combination().isPresent(), training);
        Measured measured = Measuring.of(spec.metric(), subject, spec.seed(), progress);
        return new TaskOutcome.Succeeded(
                Optional.empty(), measured.measurements(), measured.images(), measured.checks());
    }

    /** By which permutation the merge, the first input, moved each of the others. */
    private List<Permutations> moved(List<Lease.Input> inputs, List<Weights> weights) {
        List<Lineage.Parent> parents = lineage.parents(inputs.get(0).network());
        List<String> made = parents.stream().map(Lineage.Parent::sha256).toList();
        List<String> given = inputs.stream().skip(1).map(Lease.Input::sha256).toList();
        if (!given.equals(made)) {
            throw new IllegalArgumentException(
                    "a barrier is taken between the networks that a merge was made of: %s was made of %s, was given %s"
                            .formatted(inputs.get(0).sha256(), made, given));
        }
        PermutationSpec spec = PermutationSpec.of(weights.get(0).architecture());
        return parents.stream()
                .map(parent -> parent.permutation().map(Permutations::of).orElseGet(() -> Permutations.identity(spec)))
                .toList();
    }
}
