package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.basinlab.ledger.Expiry;
import org.basinlab.ledger.Settlement;
import org.basinlab.ledger.StoreFault;
import org.basinlab.ledger.Workers;
import org.basinlab.study.RunSettings;
import org.jboss.logging.Logger;

/** Takes back what workers hold that fell silent, and ends what is at its end or over its time; Quartz says when, on one server at a time. */
@ApplicationScoped
class LeaseSweep {

    private static final Logger LOG = Logger.getLogger(LeaseSweep.class);

    private final Workers workers;
    private final Settlement settlement;
    private final Expiry expiry;
    private final DispatchConfig config;
    private final Bell bell;

    LeaseSweep(Workers workers, Settlement settlement, Expiry expiry, DispatchConfig config, Bell bell) {
        this.workers = workers;
        this.settlement = settlement;
        this.expiry = expiry;
        this.config = config;
        this.bell = bell;
    }

    @Scheduled(every = "{basinlab.dispatch.sweep:3S}", identity = "lease-sweep")
    void sweep() {
        // What workers hold that are gone comes first, and waits for nothing that fails after it.
        int free = attempt("leases that ran out", () -> workers.takeBackExpired(config.lease()));
        free += attempt("limits of time", () -> expiry.enforce(limits()));
        attempt("studies at their end", () -> {
            settlement.settleStranded();
            return 0;
        });
        if (free > 0) {
            bell.ring();
        }
    }

    /** A fault here is said, and the next sweep tries again. */
    private static int attempt(String what, IntSupplier part) {
        try {
            return part.getAsInt();
        } catch (RuntimeException e) {
            LOG.warnf(e, "the sweep of %s failed: %s", what, StoreFault.rootMessage(e));
            return 0;
        }
    }

    private RunSettings.TimeLimits limits() {
        return new RunSettings.TimeLimits(
                config.limits().queue().map(Duration::toSeconds),
                config.limits().run().map(Duration::toSeconds),
                Optional.of(config.limits().silence().toSeconds()));
    }
}
