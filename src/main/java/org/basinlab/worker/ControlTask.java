package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.basinlab.control.ControlData;
import org.basinlab.control.ControlNetwork;
import org.basinlab.control.Controls;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.ledger.Lease;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.training.TrainingDiverged;
import org.basinlab.training.TrainingExamples;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Makes the network that a merge is set against, and says how near it came. */
@ApplicationScoped
class ControlTask {

    private final NetworkShelf networks;
    private final DataShelf data;

    ControlTask(NetworkShelf networks, DataShelf data) {
        this.networks = networks;
        this.data = data;
    }

    TaskOutcome run(TaskSpec.Control spec, Lease lease, Progress progress) {
        List<SafetensorsFile> files = lease.inputs().stream()
                .map(input -> networks.getFinite(input.sha256()))
                .toList();
        List<Weights> weights = files.stream().map(SafetensorsFile::weights).toList();
        Optional<ControlData> examples = spec.images().map(images -> examples(spec.step(), images, lease));
        long started = System.nanoTime();
        ControlNetwork made;
        try {
            made = Controls.make(spec.step(), weights, spec.seed(), examples, progress);
        } catch (TrainingDiverged e) {
            return new TaskOutcome.Rejected(String.valueOf(e.getMessage()));
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        byte[] checkpoint = Safetensors.write(
                made.weights(),
                Provenance.ofMade(
                        made.weights(),
                        spec,
                        lease.inputs().stream().map(Lease.Input::sha256).toList(),
                        lease.dataDigest(),
                        files.get(0).metadata()));
        NewNetwork network = new NewNetwork(
                made.weights().architecture(),
                checkpoint,
                parents(spec.step(), lease.inputs().size()));
        return new TaskOutcome.Succeeded(Optional.of(network), measured(made, seconds));
    }

    /** What a training inside a control would see is that of the leaf: the same subset, augmented in the same way. */
    private ControlData examples(ControlStep step, TaskSpec.Images images, Lease lease) {
        Dataset dataset = data.open(images.dataset(), lease.dataDigest());
        Normalisation.Constants constants = dataset.resolve(images.dataset().normalise());
        NormalisedImages all = NormalisedImages.of(dataset.split(Split.TRAIN), constants, Optional.empty());
        TrainingExamples training = asTraining(step, images)
                .<TrainingExamples>map(train -> new TrainingImages(dataset, train))
                .orElseGet(() -> TrainingExamples.same(all));
        return new ControlData(
                training,
                NormalisedImages.of(dataset.split(Split.TEST), constants, Optional.empty()),
                data.images(images, lease.dataDigest()));
    }

    private static Optional<TaskSpec.Train> asTraining(ControlStep step, TaskSpec.Images images) {
        if (step instanceof ControlStep.EarlyStop early) {
            return Optional.of(train(images, early.architecture(), early.training(), early.trainingSeed()));
        }
        if (step instanceof ControlStep.L2Path path) {
            return Optional.of(train(images, path.architecture(), path.training(), path.trainingSeed()));
        }
        return Optional.empty();
    }

    private static TaskSpec.Train train(
            TaskSpec.Images images, Architecture architecture, TrainingRecipe training, long seed) {
        if (training.start().isPresent()) {
            throw new IllegalArgumentException(
                    "a control that trains begins as its leaf did, with weights drawn by seed; training.start names "
                            + training.start().get());
        }
        return new TaskSpec.Train(images.dataset(), architecture, training, seed);
    }

    /** The target, and what is only looked at, has no share; a leaf that was scaled or perturbed has all of it. */
    private static List<NewNetwork.Parent> parents(ControlStep step, int inputs) {
        boolean trained = step instanceof ControlStep.EarlyStop || step instanceof ControlStep.L2Path;
        List<NewNetwork.Parent> parents = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            parents.add(new NewNetwork.Parent(i == 1 && !trained ? 1 : 0, Optional.empty()));
        }
        return parents;
    }

    private static List<Measurement> measured(ControlNetwork made, double seconds) {
        List<Measurement> measured = new ArrayList<>();
        measured.add(Measurement.scalar("seconds", seconds));
        new TreeMap<>(made.facts()).forEach((name, value) -> measured.add(Measurement.scalar(name, value)));
        return measured;
    }
}
