package org.basinlab.dispatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.Heartbeats;
import org.basinlab.ledger.Signals;
import org.basinlab.ledger.StoreFault;
import org.jboss.logging.Logger;

/**
 * Keeps the leases of one process: says now and then that they go on, and what their tasks say and how far they are; stops what
 * is in other hands, and what may be because the store was not reached for too long; and gives up what hangs.
 */
final class Heart {

    /** What is said of a task that ends because its lease does. */
    static final String RAN_OUT = "task %s stops: the store was not reached for most of a lease";

    private static final Logger LOG = Logger.getLogger(Heart.class);

    private final Heartbeats heartbeats;
    private final Signals signals;
    private final DispatchConfig config;
    private final Holding holding;
    private final Consumer<Held> hangs;
    private final Outage outage;
    private final Set<Held> warned = new HashSet<>();
    private long reachedAt = System.nanoTime();

    /** @param hangs called with what takes too long and does not end */
    Heart(Heartbeats heartbeats, Signals signals, DispatchConfig config, Holding holding, Consumer<Held> hangs) {
        this.heartbeats = heartbeats;
        this.signals = signals;
        this.config = config;
        this.holding = holding;
        this.hangs = hangs;
        this.outage = new Outage(config.storeOutage());
        if (config.skew().compareTo(config.lease()) >= 0) {
            throw new IllegalArgumentException("basinlab.dispatch.skew must be below the lease of %s, was %s"
                    .formatted(config.lease(), config.skew()));
        }
    }

    /** When a lease that is taken or put off at {@code nanoTime} must be given up, if nothing is heard of the store until then. */
    long keptUntil(long nanoTime) {
        return nanoTime + config.lease().minus(config.skew()).toNanos();
    }

    /** Once; whether the store heard it. */
    boolean beat(Heartbeats.Self self) {
        long asked = System.nanoTime();
        // In this order: what ends in between would else say its last words twice.
        List<Heartbeats.Words> said = holding.lastWords();
        List<Held> held = new ArrayList<>(holding.list());
        List<Heartbeats.Sign> signs = held.stream().map(Held::sign).toList();
        try {
            Set<Long> alive = heartbeats.beat(self, config.lease(), signs, said);
            FaultPoint.HEARTBEAT.reached();
            holding.told(said);
            reachedAt = asked;
            outage.isOver();
            for (int i = 0; i < held.size(); i++) {
                heard(held.get(i), signs.get(i), alive, asked);
            }
            return true;
        } catch (RuntimeException e) {
            // Not to be heard of for a while is what leases are for: it is said, and no reason to give up.
            outage.goesOn(e);
            if (StoreFault.isDown(e)) {
                // It is away for everybody: nobody takes these tasks, and for a lease after its return no lease counts
                // as run out.
                held.forEach(one -> one.keepUntil(keptUntil(asked)));
            } else {
                giveUpWhatMayBeElsewhere(held);
            }
            return false;
        }
    }

    private void heard(Held held, Heartbeats.Sign sign, Set<Long> alive, long asked) {
        holding.told(held, sign);
        if (!alive.contains(sign.token())) {
            // It may have been handed in meanwhile.
            if (holding.find(sign.token()).isPresent() && !held.isLost()) {
                LOG.debugf("task %s is in other hands", sign.task());
                FaultPoint.CANCEL_PENDING.reached();
                held.lose();
            }
            return;
        }
        held.keepUntil(keptUntil(asked));
        if ((sign.begun() && sign.moved()) || !sign.lines().isEmpty()) {
            signals.study(held.lease().studyId());
        }
    }

    private void giveUpWhatMayBeElsewhere(List<Held> held) {
        if (System.nanoTime() - keptUntil(reachedAt) > 0) {
            held.stream().filter(one -> !one.isLost() && one.isRunning()).forEach(one -> {
                LOG.warnf(RAN_OUT, one.lease().taskId());
                one.lose();
            });
        }
    }

    /** Wakes what takes too long, and gives up what goes on nevertheless for the time between two heartbeats. */
    void endWhatHangs() {
        warned.retainAll(new HashSet<>(holding.list()));
        for (Held one : holding.list()) {
            one.overdue().ifPresent(why -> {
                if (warned.add(one)) {
                    one.interrupt();
                } else if (one.isOverdueFor(config.heartbeat())) {
                    hangs.accept(one);
                }
            });
        }
    }
}
