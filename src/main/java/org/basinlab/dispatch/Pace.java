package org.basinlab.dispatch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.basinlab.ledger.Lease;
import org.basinlab.workflow.TaskSpec;

/** How long tasks of a kind take here, and so how many of them are worth one claim. */
final class Pace {

    static final int MOST = 64;

    /** Claims and hand-ins of that many seconds of work cost next to nothing, and nobody waits long for what is in one hand. */
    private static final double WORTH_SECONDS = 1;

    /** Of each new duration in the running mean. */
    private static final double SHARE = 0.25;

    private static final int MOST_KINDS = 1_000;

    private final Map<String, Double> means = new LinkedHashMap<>();
    private Optional<String> last = Optional.empty();

    /** For how many to ask, as though they were like those that came last. */
    synchronized int ask() {
        return last.map(this::worth).orElse(1);
    }

    /** How many tasks like this one are worth one claim; one of a kind that was not seen yet. */
    synchronized int worth(Lease lease) {
        return worth(kind(lease));
    }

    synchronized void took(Lease lease, Duration time) {
        String kind = kind(lease);
        if (means.size() >= MOST_KINDS) {
            means.clear();
        }
        means.merge(kind, time.toNanos() / 1e9, (before, now) -> before + SHARE * (now - before));
        last = Optional.of(kind);
    }

    private int worth(String kind) {
        Double mean = means.get(kind);
        if (mean == null || kind.startsWith(TaskSpec.Kind.TRAIN.label())) {
            return 1;
        }
        return (int) Math.max(1, Math.min(MOST, WORTH_SECONDS / Math.max(1e-6, mean)));
    }

    /** Tasks of one kind do the same, and about as much of it. */
    private static String kind(Lease lease) {
        String what = lease.spec() instanceof TaskSpec.Evaluate evaluate
                ? evaluate.metric().label()
                : "";
        return "%s %s 2^%d".formatted(lease.spec().kind().label(), what, Math.getExponent(lease.flops()));
    }
}
