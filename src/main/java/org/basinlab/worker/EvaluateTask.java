package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.Score;
import org.basinlab.evaluation.WeightNorm;
import org.basinlab.ledger.Lease;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.Measurement;
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
        Weights weights = networks.get(lease.inputs().get(0).sha256()).weights();
        MetricRequest metric = spec.metric();
        if (metric instanceof MetricRequest.WeightNorm) {
            return succeeded(List.of(Measurement.scalar("weight-norm", WeightNorm.of(weights))));
        }
        TaskSpec.Images images = spec.images().orElseThrow();
        return succeeded(accuracy(weights, images, data.open(images.dataset(), lease.dataDigest()), progress));
    }

    private static List<Measurement> accuracy(
            Weights weights, TaskSpec.Images images, Dataset dataset, Progress progress) {
        NormalisedImages inputs = new NormalisedImages(
                dataset.split(images.split()), dataset.resolve(images.dataset().normalise()));
        Score score = Score.of(weights, inputs, progress);
        return List.of(
                Measurement.onImages("accuracy", images.split(), score.images(), score.accuracy()),
                Measurement.onImages("loss", images.split(), score.images(), score.loss()));
    }

    private static TaskOutcome succeeded(List<Measurement> measured) {
        return new TaskOutcome.Succeeded(Optional.empty(), measured);
    }
}
