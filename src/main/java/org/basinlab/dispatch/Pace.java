package org.basinlab.dispatch;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.basinlab.ledger.Lease;
import org.basinlab.workflow.TaskSpec;

/** How long tasks of a shape take here, and so how many of them are worth one claim. */
final class Pace {

    static final int MOST = 64;

    /** Claims and hand-ins of that many seconds of work cost next to nothing, and nobody waits long for what is in one hand. */
    private static final double WORTH_SECONDS = 1;

    /** Of each new duration in the running mean. */
    private static final double SHARE = 0.25;

    private static final int MOST_SHAPES = 300;

    private final Map<String, Double> means = new HashMap<>();

    /** By shape, how many are worth one claim, where that is more than one. */
    synchronized Map<String, Integer> worth() {
        Map<String, Integer> worth = new HashMap<>();
        means.forEach((shape, mean) -> {
            if (worth(mean) > 1) {
                worth.put(shape, worth(mean));
            }
        });
        return worth;
    }

    /** How many tasks like this one are worth one claim; one of a shape that was not seen yet. */
    synchronized int worth(Lease lease) {
        Double mean = means.get(lease.shape());
        return mean == null ? 1 : worth(mean);
    }

    synchronized void took(Lease lease, Duration time) {
        if (lease.spec().kind() == TaskSpec.Kind.TRAIN || lease.shape().isEmpty()) {
            // A training is a training, however small.
            return;
        }
        if (means.size() >= MOST_SHAPES) {
            means.clear();
        }
        means.merge(lease.shape(), time.toNanos() / 1e9, (before, now) -> before + SHARE * (now - before));
    }

    private static int worth(double mean) {
        return (int) Math.max(1, Math.min(MOST, WORTH_SECONDS / Math.max(1e-6, mean)));
    }
}
