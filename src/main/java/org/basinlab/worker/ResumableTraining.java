package org.basinlab.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.ResumePoints;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.basinlab.training.ResumePoint;
import org.basinlab.training.TrainingWatch;
import org.basinlab.workflow.TaskSpec;
import org.jboss.logging.Logger;

/**
 * What the store keeps of one training while it runs: every now and then a point from which it can go on, one more before
 * it stops, and the networks along it. To be used in the training's own thread.
 */
final class ResumableTraining implements TrainingWatch {

    private static final Logger LOG = Logger.getLogger(ResumableTraining.class);

    /** A training that must stop has this long to reach a step after which it can be resumed: a test may come between. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(1);

    private final Lease lease;
    private final Progress progress;
    private final ResumePoints points;
    private final Snapshots snapshots;
    private final Duration every;

    private long savedAt = System.nanoTime();
    private Optional<CancellationException> stopping = Optional.empty();
    private long stoppingSince;
    private int saidEpoch;

    /**
     * @param progress of the task; says by a {@link CancellationException} that the training must stop
     * @param every time between two points
     */
    ResumableTraining(Lease lease, Progress progress, ResumePoints points, Snapshots snapshots, Duration every) {
        this.lease = lease;
        this.progress = progress;
        this.points = points;
        this.snapshots = snapshots;
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("basinlab.worker.resume-every must be above 0, was " + every);
        }
        this.every = every;
    }

    /** The point that an earlier attempt left; none where it cannot be read, which costs time and nothing else. */
    Optional<ResumePoint> point() {
        try {
            Optional<ResumePoint> point = points.find(lease).map(ResumePoint::read);
            point.ifPresent(found -> {
                LOG.infof("task %s goes on after step %d", lease.taskId(), found.step());
                progress.says("goes on after step %d".formatted(found.step()));
            });
            return point;
        } catch (CheckpointException | IllegalArgumentException e) {
            LOG.warnf("task %s begins anew: %s", lease.taskId(), e.getMessage());
            progress.says("begins anew: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A stop is put off until the training can be resumed: until the point after its next step is saved. */
    @Override
    public void at(double done) {
        if (stopping.isPresent()) {
            if (System.nanoTime() - stoppingSince >= LONGEST_STOP.toNanos()) {
                throw stopping.get();
            }
            return;
        }
        try {
            progress.at(done);
            sayEpoch(done);
        } catch (CancellationException e) {
            stopping = Optional.of(e);
            stoppingSince = System.nanoTime();
        }
    }

    private void sayEpoch(double done) {
        if (lease.spec() instanceof TaskSpec.Train train) {
            int epochs = train.training().epochs();
            int ended = (int) Math.floor(done * epochs + 1e-9);
            if (ended > saidEpoch) {
                saidEpoch = ended;
                progress.says("epoch %d of %d".formatted(ended, epochs));
            }
        }
    }

    @Override
    public boolean wantsResumePoint() {
        return stopping.isPresent() || System.nanoTime() - savedAt >= every.toNanos();
    }

    @Override
    public void resumePoint(ResumePoint point) {
        boolean newest = save(point);
        savedAt = System.nanoTime(); // afterwards, so that a slow store does not leave the training without time of its
        // own
        stopping.ifPresent(stop -> {
            throw stop;
        });
        if (!newest) {
            throw lost();
        }
    }

    /** False only where another has the task: a store that does not answer now may answer for the next point. */
    private boolean save(ResumePoint point) {
        try {
            return points.save(lease, point.step(), point.bytes());
        } catch (RuntimeException e) {
            LOG.warnf("the point after step %d of task %s is not saved: %s", point.step(), lease.taskId(), cause(e));
            return true;
        }
    }

    private static String cause(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public void snapshot(long step, Weights weights) {
        if (!snapshots.store(step, weights)) {
            throw lost();
        }
    }

    private CancellationException lost() {
        return new CancellationException("task %s is in other hands".formatted(lease.taskId()));
    }

    /** Keeps a network along the training. */
    @FunctionalInterface
    interface Snapshots {
        /** False if the task is in other hands. */
        boolean store(long step, Weights weights);
    }
}
