package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.basinlab.ledger.Ageing;

/** Lets studies that wait gain priority, a step at a time; Quartz says when, on one server at a time. */
@ApplicationScoped
class PriorityAgeing {

    private final Ageing ageing;

    PriorityAgeing(Ageing ageing) {
        this.ageing = ageing;
    }

    @Scheduled(
            every = "{basinlab.upkeep.ageing:1M}",
            identity = "priority-ageing",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void age() {
        ageing.age();
    }
}
