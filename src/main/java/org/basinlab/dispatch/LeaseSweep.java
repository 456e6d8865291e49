package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.basinlab.ledger.Expiry;
import org.basinlab.ledger.Settlement;
import org.basinlab.ledger.Workers;
import org.basinlab.study.RunSettings;

/** Takes back what workers hold that fell silent, and ends what is at its end or over its time; Quartz says when, on one server at a time. */
@ApplicationScoped
class LeaseSweep {

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
        settlement.settleStranded();
        int ended = expiry.enforce(new RunSettings.TimeLimits(
                config.limits().queue().map(Duration::toSeconds),
                config.limits().run().map(Duration::toSeconds),
                Optional.of(config.limits().silence().toSeconds())));
        if (workers.takeBackExpired(config.lease()) + ended > 0) {
            bell.ring();
        }
    }
}
