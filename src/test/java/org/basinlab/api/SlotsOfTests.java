package org.basinlab.api;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.basinlab.dispatch.Slots;
import org.basinlab.worker.ThisMachine;

/** The slots of a test's process, which several tests want and one may start. */
@ApplicationScoped
class SlotsOfTests {

    private final Slots slots;
    private final ThisMachine machine;
    private boolean started;

    SlotsOfTests(Slots slots, ThisMachine machine) {
        this.slots = slots;
        this.machine = machine;
    }

    synchronized void start() {
        if (!started) {
            slots.start(machine.facts(2), Optional.empty());
            started = true;
        }
    }
}
