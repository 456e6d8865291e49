package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.basinlab.ledger.Settlement;
import org.basinlab.ledger.Workers;

/** Takes back what workers hold that fell silent, and ends what is at its end; Quartz says when, on one server at a time. */
@ApplicationScoped
class LeaseSweep {

    private final Workers workers;
    private final Settlement settlement;
    private final DispatchConfig config;
    private final Bell bell;

    LeaseSweep(Workers workers, Settlement settlement, DispatchConfig config, Bell bell) {
        this.workers = workers;
        this.settlement = settlement;
        this.config = config;
        this.bell = bell;
    }

    @Scheduled(every = "{basinlab.dispatch.sweep:3S}", identity = "lease-sweep")
    void sweep() {
        settlement.settleStranded();
        if (workers.takeBackExpired(config.lease()) > 0) {
            bell.ring();
        }
    }
}
