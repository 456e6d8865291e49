package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.basinlab.ledger.Workers;

/** Takes back what workers hold that fell silent; Quartz says when, on one server at a time. */
@ApplicationScoped
class LeaseSweep {

    private final Workers workers;
    private final DispatchConfig config;
    private final Bell bell;

    LeaseSweep(Workers workers, DispatchConfig config, Bell bell) {
        this.workers = workers;
        this.config = config;
        this.bell = bell;
    }

    @Scheduled(every = "{basinlab.dispatch.sweep:5S}", identity = "lease-sweep")
    void sweep() {
        if (workers.takeBackExpired(config.lease()) > 0) {
            bell.ring();
        }
    }
}
