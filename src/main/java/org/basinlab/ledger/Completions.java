package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.workflow.TaskOutcome;
import org.jboss.logging.Logger;

/**
 * The end of an attempt, in one transaction: checkpoint, network, lineage, metrics, outcomes of images, checks, verdicts, state,
 * dependants and study. So every metric has its network and every checkpoint its origin, always.
 */
@ApplicationScoped
public class Completions {

    private static final Logger LOG = Logger.getLogger(Completions.class);

    /** Two who store the same bytes at once, or wait for each other, collide once. */
    private static final int MOST_COLLISIONS = 5;

    /** Between two tries of a task whose result cannot be written. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Endings endings;
    private final Setbacks setbacks;
    private final Audit audit;

    Completions(Endings endings, Setbacks setbacks, Audit audit) {
        this.endings = endings;
        this.setbacks = setbacks;
        this.audit = audit;
    }

    /**
     * Accepts the result of an attempt, unless a newer lease of its task exists or the task is at its end.
     *
     * @return whether it counts; the same result once more counts and changes nothing. A refused one leaves no trace but a line of
     *     the log and of the audit
     */
    @Transactional
    public boolean finish(Lease lease, TaskOutcome outcome) {
        return finishTogether(List.of(new Finished(lease, outcome))).get(0);
    }

    /**
     * The same for several at once, which costs little more than one. Each is written whole or not at all: where one cannot be
     * written the others are, and that one's attempt has failed and is tried again; so it is as well where it is the only one.
     *
     * @return for each in order whether it counts
     */
    @Transactional(Transactional.TxType.NEVER)
    public List<Boolean> finishAll(List<Finished> finished) {
        if (finished.isEmpty()) {
            return List.of();
        }
        try {
            return finishTogether(finished);
        } catch (RuntimeException e) {
            if (StoreFault.isAway(e)) {
                throw e;
            }
            LOG.debugf(e, "%d results are handed in one by one", finished.size());
            List<Boolean> counted = new ArrayList<>();
            finished.forEach(one -> counted.add(finishAlone(one)));
            return counted;
        }
    }

    private boolean finishAlone(Finished one) {
        for (int tries = 1; ; tries++) {
            try {
                return finishTogether(List.of(one)).get(0);
            } catch (RuntimeException e) {
                if (StoreFault.isAway(e)) {
                    throw e;
                }
                if (!StoreFault.isCollision(e) || tries == MOST_COLLISIONS) {
                    LOG.warnf(
                            "task %s: its result cannot be written: %s",
                            one.lease().taskId(), e.getMessage());
                    setbacks.retry(one.lease(), "its result cannot be written: " + e.getMessage(), PAUSE);
                    return false;
                }
            }
        }
    }

    private List<Boolean> finishTogether(List<Finished> finished) {
        Endings.Said said = endings.end(finished);
        List<Boolean> counted = new ArrayList<>();
        Tally refused = new Tally();
        for (Finished one : finished) {
            boolean counts = said.accepted().contains(one.lease().token()) || one.saysAgain(said);
            if (!counts) {
                LOG.debugf(
                        "task %s: a result under the old token %d was refused",
                        one.lease().taskId(), one.lease().token());
                refused.add(one.lease().studyId(), one.lease().taskId(), "a result under an old token was refused");
                audit.refused(one.lease());
            }
            counted.add(counts);
        }
        refused.say(LOG, Logger.Level.INFO);
        return counted;
    }

    /**
     * The attempt broke in a way that may not come again: the task is ready once more after {@code delay}; unless it broke in the
     * same words on another worker, or for the third time: that is final.
     */
    @Transactional
    public boolean retry(Lease lease, String reason, Duration delay) {
        return setbacks.retry(lease, reason, delay);
    }

    /** The worker stops and gives the task back; nobody is charged for it. */
    @Transactional
    public boolean release(Lease lease) {
        return setbacks.giveBack(lease, null, Duration.ZERO);
    }

    /** What the task needs is not here yet: it is ready once more after {@code delay}, and nobody is charged for it. */
    @Transactional
    public boolean postpone(Lease lease, String reason, Duration delay) {
        return setbacks.giveBack(lease, reason, delay);
    }

    /** What came of one lease. */
    public record Finished(Lease lease, TaskOutcome outcome) {

        /** A second answer equals the first: the sender did not hear it. */
        private boolean saysAgain(Endings.Said said) {
            String end =
                    outcome instanceof TaskOutcome.Rejected rejected ? "failed: " + rejected.reason() : "succeeded";
            return end.equals(said.before().get(lease.token()));
        }
    }
}
