package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.ResumePoints;
import org.basinlab.ledger.Snapshots;
import org.basinlab.network.Examples;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Split;
import org.basinlab.training.EpochScore;
import org.basinlab.training.ResumePoint;
import org.basinlab.training.TrainedNetwork;
import org.basinlab.training.Trainer;
import org.basinlab.training.TrainingDiverged;
import org.basinlab.training.TrainingExamples;
import org.basinlab.training.TrainingWatch;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.jboss.logging.Logger;

/** Trains a network, with its learning curve. */
@ApplicationScoped
class TrainTask {

    private static final Logger LOG = Logger.getLogger(TrainTask.class);

    private final DataShelf data;
    private final NetworkShelf networks;
    private final ResumePoints points;
    private final Snapshots snapshots;
    private final WorkerConfig config;

    TrainTask(DataShelf data, NetworkShelf networks, ResumePoints points, Snapshots snapshots, WorkerConfig config) {
        this.data = data;
        this.networks = networks;
        this.points = points;
        this.snapshots = snapshots;
        this.config = config;
    }

    /** Goes on where an earlier attempt of the task left off, and keeps in the store what the next one needs. */
    TaskOutcome run(TaskSpec.Train spec, Lease lease, Progress progress) {
        Dataset dataset = data.open(spec.dataset(), lease.dataDigest());
        Normalisation.Constants constants = dataset.resolve(spec.dataset().normalise());
        ResumableTraining watch = new ResumableTraining(
                lease,
                progress,
                points,
                (step, weights) -> snapshots.store(
                        lease,
                        step,
                        Safetensors.write(
                                weights, Provenance.ofSnapshot(weights, spec, constants, dataset.digest(), step))),
                config.resumeEvery());
        return run(spec, dataset, watch.point(), watch);
    }

    /** From the beginning, and nothing of it is kept. */
    TaskOutcome replay(TaskSpec.Train spec, Lease lease, Progress progress) {
        Dataset dataset = data.open(spec.dataset(), lease.dataDigest());
        return run(spec, dataset, Optional.empty(), TrainingWatch.of(progress));
    }

    /** The checkpoint of one network along the training, from its beginning; empty where the training passes no such network. */
    Optional<byte[]> replayTo(long step, TaskSpec.Train spec, Lease lease, Progress progress) {
        Dataset dataset = data.open(spec.dataset(), lease.dataDigest());
        Normalisation.Constants constants = dataset.resolve(spec.dataset().normalise());
        UntilStep watch = new UntilStep(step, progress);
        try {
            run(spec, dataset, Optional.empty(), watch);
        } catch (CancellationException e) {
            if (watch.weights().isEmpty()) {
                throw e;
            }
        }
        return watch.weights()
                .map(weights -> Safetensors.write(
                        weights, Provenance.ofSnapshot(weights, spec, constants, dataset.digest(), step)));
    }

    /** Ends a training once it has given the network after one step. */
    private static final class UntilStep implements TrainingWatch {

        private final long step;
        private final Progress progress;
        private Optional<Weights> weights = Optional.empty();

        UntilStep(long step, Progress progress) {
            this.step = step;
            this.progress = progress;
        }

        @Override
        public void at(double fraction) {
            progress.at(fraction);
            if (weights.isPresent()) {
                throw new CancellationException("the network after step %d is there".formatted(step));
            }
        }

        @Override
        public void snapshot(long after, Weights found) {
            if (after == step) {
                weights = Optional.of(Weights.owning(found.architecture(), found.copy()));
            }
        }

        Optional<Weights> weights() {
            return weights;
        }
    }

    /** @param point to go on from, if it fits; one that does not costs time and nothing else */
    TaskOutcome run(TaskSpec.Train spec, Dataset dataset, Optional<ResumePoint> point, TrainingWatch watch) {
        Normalisation.Constants constants = dataset.resolve(spec.dataset().normalise());
        TrainingImages train = new TrainingImages(dataset, spec);
        NormalisedImages test = NormalisedImages.of(dataset.split(Split.TEST), constants, Optional.empty());
        TrainedNetwork trained;
        long started = System.nanoTime();
        try {
            trained = train(spec, train, test, point, watch);
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

    private TrainedNetwork train(
            TaskSpec.Train spec,
            TrainingExamples train,
            Examples test,
            Optional<ResumePoint> point,
            TrainingWatch watch) {
        Trainer trainer = new Trainer(spec.architecture(), spec.training());
        Optional<Weights> start =
                spec.start().map(sha256 -> networks.getFinite(sha256).weights());
        if (point.isPresent()) {
            try {
                return trainer.train(train, test, spec.seed(), start, point, watch);
            } catch (IllegalArgumentException e) {
                // What is wrong with the training itself will be said again.
                LOG.warnf("a training begins anew: %s", e.getMessage());
            }
        }
        return trainer.train(train, test, spec.seed(), start, Optional.empty(), watch);
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
