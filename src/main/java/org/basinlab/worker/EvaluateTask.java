package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.ledger.Lease;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Measures one network. */
@ApplicationScoped
class EvaluateTask {

    private final NetworkShelf networks;
    private final DataShelf data;

    EvaluateTask(NetworkShelf networks, DataShelf data) {
        this.networks = networks;
        this.data = data;
    }

    TaskOutcome run(TaskSpec.Evaluate spec, Lease lease, Progress progress) {
        List<Weights> weights = lease.inputs().stream()
                .map(input -> networks.get(input.sha256()).weights())
                .toList();
        Optional<NormalisedImages> images = spec.images().map(some -> images(some, lease));
        Split split = spec.images().map(TaskSpec.Images::split).orElse(Split.TEST);
        Subject subject = new Subject(
                weights, images, split, List.of(), spec.combination().isPresent());
        Measured measured = Measuring.of(spec.metric(), subject, spec.seed(), progress);
        return new TaskOutcome.Succeeded(
                Optional.empty(), measured.measurements(), measured.images(), measured.checks());
    }

    private NormalisedImages images(TaskSpec.Images wanted, Lease lease) {
        Dataset dataset = data.open(wanted.dataset(), lease.dataDigest());
        return NormalisedImages.of(
                dataset.split(wanted.split()), dataset.resolve(wanted.dataset().normalise()), wanted.limit());
    }
}
