package org.basinlab.chaos;

import java.time.Duration;
import java.util.List;
import org.basinlab.ledger.FaultPoint;

/** One more worker, that is to die at a place in the life of a task; what it takes to get it there. */
final class DeathAtPoint {

    /** Long enough for a training, a merge and a measurement to come by. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

    /** The start of a process on a machine that others use as well. */
    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private static final Duration LOOK = Duration.ofMillis(50);

    private static final int MOST_CANCELLATIONS = 5;

    private final Scene scene;
    private final Fault.KilledAtPoint fault;

    DeathAtPoint(Scene scene, Fault.KilledAtPoint fault) {
        this.scene = scene;
        this.fault = fault;
    }

    Struck await() {
        Child victim = scene.processes().armed(fault.point(), fault.visit());
        awaitThere(victim);
        scene.submitter()
                .submit(scene.smallStudy(fault.study()), scene.submitter().newKey(), LONGEST_WAIT);
        if (fault.point() == FaultPoint.CANCEL_PENDING) {
            cancelUnder(victim);
        } else if (fault.point() == FaultPoint.DRAIN) {
            awaitHolding(victim);
            victim.terminate();
        }
        boolean died = victim.awaitEnd(LONGEST_WAIT);
        if (!died) {
            victim.kill();
            return Struck.dead(List.of(victim.pid()))
                    .with("%s not reached within %d s: killed where it was"
                            .formatted(fault.point().label(), LONGEST_WAIT.toSeconds()));
        }
        if (victim.status() != FaultPoint.EXIT_CODE) {
            return Struck.wrong(
                    victim.pid(), "ended by itself with %d: %s".formatted(victim.status(), victim.lastWords()));
        }
        return Struck.dead(List.of(victim.pid()));
    }

    private void cancelUnder(Child victim) {
        for (int i = 1; i <= MOST_CANCELLATIONS && victim.isAlive(); i++) {
            Submitter.Taken study = scene.submitter().submitUncompared(scene.smallStudy(fault.study() + i));
            long end = System.nanoTime() + LONGEST_WAIT.toNanos();
            while (victim.isAlive()
                    && System.nanoTime() < end
                    && !scene.look().holds(victim.pid(), study.id())
                    && !scene.look().isEnded(study.id())) {
                Threads.sleep(LOOK);
            }
            scene.submitter().cancel(study);
            victim.awaitEnd(scene.lease());
        }
    }

    private void awaitThere(Child victim) {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (victim.isAlive() && System.nanoTime() < end && !scene.look().isRegistered(victim.pid())) {
            Threads.sleep(LOOK);
        }
    }

    private void awaitHolding(Child victim) {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (victim.isAlive() && System.nanoTime() < end && !scene.look().holdsSomething(victim.pid())) {
            Threads.sleep(LOOK);
        }
    }
}
