package org.basinlab.control;

import java.util.Optional;
import org.basinlab.network.Weights;
import org.basinlab.recipe.ControlStep;
import org.basinlab.training.ResumePoint;
import org.basinlab.training.TrainedNetwork;
import org.basinlab.training.Trainer;
import org.basinlab.training.TrainingWatch;

/**
 * Trains the leaf once more and finds the step at which its accuracy is nearest the target's. It looks every few steps;
 * where the accuracy has come past the target between two looks, it goes back to the first of them and looks at every step.
 * As accuracies swing, there may be several such places: it goes on until one step counts as equal, or for an epoch after
 * the last of them, or to the end of the training, whose network is looked at too.
 */
final class EarlyStopping {

    static final String STEP = "control-step";

    /** Of a training this many looks are taken at least, where it has so many steps. */
    private static final int FEWEST_LOOKS = 20;

    /** Steps between two looks at most. */
    private static final int LARGEST_STRIDE = 10;

    private final ControlStep.EarlyStop step;
    private final ControlData data;
    private final Nearest nearest;
    private final Rising progress;
    private final Trainer trainer;
    private final long stepsOfEpoch;
    private final long steps;
    private final long stride;

    /** @throws IllegalArgumentException if the network is so large that its training cannot be looked into */
    EarlyStopping(ControlStep.EarlyStop step, Weights target, ControlData data, Rising progress) {
        requireLooks(step);
        this.step = step;
        this.data = data;
        this.progress = progress;
        nearest = new Nearest(target, data.images(), progress);
        trainer = new Trainer(step.architecture(), step.training());
        int images = data.training().ofEpoch(1).count();
        stepsOfEpoch = Math.floorDiv(
                images + step.training().batch() - 1L, step.training().batch());
        steps = stepsOfEpoch * step.training().epochs();
        stride = Math.max(1, Math.min(LARGEST_STRIDE, steps / FEWEST_LOOKS));
    }

    private static void requireLooks(ControlStep.EarlyStop step) {
        if (!ResumePoint.isPossible(step.architecture(), step.training().optimiser())) {
            throw new IllegalArgumentException(
                    "%s needs a network whose resume points fit into 2 GiB, and %s with its optimiser's memory does not"
                            .formatted(step.label(), step.architecture().label()));
        }
    }

    /** Ends a training of which enough was seen. */
    private static final class EnoughSeen extends RuntimeException {
        private EnoughSeen() {
            super("enough of the training was seen", null, false, false);
        }
    }

    ControlNetwork find() {
        Stroll stroll = new Stroll(Optional.empty(), false, 0);
        while (!train(stroll.now, stroll) && stroll.crossed && !nearest.isClose()) {
            train(stroll.before, new CloseLook(stroll.now.orElseThrow().step()));
            if (nearest.isEqual()) {
                break;
            }
            stroll = new Stroll(
                    stroll.now, !stroll.above, stroll.now.orElseThrow().step());
        }
        return nearest.found(STEP);
    }

    /** Whether the training came to its end. */
    private boolean train(Optional<ResumePoint> from, TrainingWatch watch) {
        try {
            TrainedNetwork trained =
                    trainer.train(data.training(), data.test(), step.trainingSeed(), Optional.empty(), from, watch);
            nearest.offer(trained.weights(), (double) steps);
            return true;
        } catch (EnoughSeen e) {
            return false;
        }
    }

    private double look(ResumePoint point) {
        return nearest.offer(point.weights(step.architecture()), (double) point.step());
    }

    /** Looks every few steps until the accuracy comes past the target's. */
    private final class Stroll implements TrainingWatch {

        private final boolean above;
        private final long lastCrossing;
        private long taken;
        private Optional<ResumePoint> before;
        private Optional<ResumePoint> now;
        private boolean crossed;

        /**
         * @param above on which side the accuracy is where it goes on
         * @param lastCrossing step at which it came there, 0 for the start
         */
        private Stroll(Optional<ResumePoint> from, boolean above, long lastCrossing) {
            this.above = above;
            this.lastCrossing = lastCrossing;
            before = from;
            now = from;
            taken = from.map(ResumePoint::step).orElse(0L);
        }

        @Override
        public boolean wantsResumePoint() {
            taken++;
            return taken % stride == 0;
        }

        @Override
        public void resumePoint(ResumePoint point) {
            before = now;
            now = Optional.of(point);
            crossed = look(point) > 0 != above;
            boolean longAgo = lastCrossing > 0 && taken - lastCrossing >= stepsOfEpoch;
            if (crossed || longAgo || nearest.isClose()) {
                throw new EnoughSeen();
            }
        }

        @Override
        public void at(double fraction) {
            progress.at(fraction);
        }
    }

    /** Looks at every step up to one that was seen already. */
    private final class CloseLook implements TrainingWatch {

        private final long end;

        private CloseLook(long end) {
            this.end = end;
        }

        @Override
        public boolean wantsResumePoint() {
            return true;
        }

        @Override
        public void resumePoint(ResumePoint point) {
            if (point.step() < end) {
                look(point);
            }
            if (point.step() + 1 >= end || nearest.isClose()) {
                throw new EnoughSeen();
            }
        }

        @Override
        public void at(double fraction) {
            progress.at(fraction);
        }
    }
}
