package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.Dataset;
import org.basinlab.network.Safetensors;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.training.EpochScore;
import org.basinlab.training.TrainedNetwork;
import org.basinlab.training.Trainer;
import org.basinlab.training.TrainingDiverged;
import org.basinlab.training.TrainingWatch;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Trains a network, with its learning curve. */
@ApplicationScoped
class TrainTask {

    private final DataShelf data;

    TrainTask(DataShelf data) {
        this.data = data;
    }

    TaskOutcome run(TaskSpec.Train spec, Optional<String> digest, Progress progress) {
        Dataset dataset = data.open(spec.dataset(), digest);
        Normalisation.Constants constants = dataset.resolve(spec.dataset().normalise());
        TrainingImages train = new TrainingImages(dataset, spec);
        NormalisedImages test = new NormalisedImages(dataset.split(Split.TEST), constants);
        TrainedNetwork trained;
        long started = System.nanoTime();
        try {
            trained = new Trainer((Architecture.Mlp) spec.architecture(), spec.training())
                    .train(train, test, spec.seed(), Optional.empty(), Optional.empty(), TrainingWatch.of(progress));
        } catch (TrainingDiverged e) {
            return new TaskOutcome.Rejected(String.valueOf(e.getMessage()));
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        byte[] checkpoint = Safetensors.write(
                trained.weights(), Provenance.ofTrained(trained.weights(), spec, constants, dataset.digest()));
        List<Measurement> measured = new ArrayList<>(curve(trained.epochs(), train.count(), test.count()));
        measured.add(Measurement.scalar("seconds", seconds));
        NewNetwork network = new NewNetwork(spec.architecture(), checkpoint, List.of());
        return new TaskOutcome.Succeeded(Optional.of(network), measured);
    }

    private static List<Measurement> curve(List<EpochScore> epochs, int trainImages, int testImages) {
        List<Measurement> curve = new ArrayList<>();
        for (EpochScore epoch : epochs) {
            int at = epoch.epoch();
            curve.add(Measurement.onImages("epoch-loss", Split.TRAIN, trainImages, epoch.trainLoss())
                    .at(at));
            curve.add(Measurement.onImages("epoch-accuracy", Split.TRAIN, trainImages, epoch.trainAccuracy())
                    .at(at));
            curve.add(Measurement.onImages("epoch-loss", Split.TEST, testImages, epoch.testLoss())
                    .at(at));
            curve.add(Measurement.onImages("epoch-accuracy", Split.TEST, testImages, epoch.testAccuracy())
                    .at(at));
        }
        return curve;
    }
}
