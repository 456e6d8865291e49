package org.basinlab.chaos;

import java.time.Duration;
import java.util.List;
import org.basinlab.ledger.FaultPoint;

/**
 * One more worker, that is to die at a place in the life of a task; what it takes to get it there. The studies that are submitted
 * for it have every place, and go on coming, as others may take what would lead there: a place that is not reached is a violation.
 */
final class DeathAtPoint {

    /** Long enough for a training, a merge and a measurement to come by. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

    /** The start of a process on a machine that others use as well. */
    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private static final Duration LOOK = Duration.ofMillis(50);

    private static final int MOST_STUDIES = 4;

    private final Scene scene;
    private final Fault.KilledAtPoint fault;

    DeathAtPoint(Scene scene, Fault.KilledAtPoint fault) {
        this.scene = scene;
        this.fault = fault;
    }

    Struck await() {
        Child victim = scene.processes().armed(fault.point(), fault.visit());
        Threads.await(
                LONGEST_START, LOOK, () -> !victim.isAlive() || scene.look().isRegistered(victim.pid()));
        for (int i = 0; i < MOST_STUDIES && victim.isAlive(); i++) {
            long seed = fault.study() + i;
            if (fault.point() == FaultPoint.CANCEL_PENDING) {
                cancelUnder(victim, seed);
            } else if (fault.point() == FaultPoint.DRAIN) {
                drainWithinWork(victim, seed);
            } else {
                Submitter.Taken study = submit(seed);
                Threads.await(
                        LONGEST_WAIT,
                        LOOK,
                        () -> !victim.isAlive() || scene.look().isEnded(study.id()));
            }
        }
        return end(victim);
    }

    private Struck end(Child victim) {
        if (victim.isAlive()) {
            victim.kill();
            return Struck.wrong(
                    victim.pid(),
                    "%s must be reached within %d studies, it was not"
                            .formatted(fault.point().label(), MOST_STUDIES));
        }
        if (victim.status() != FaultPoint.EXIT_CODE) {
            return Struck.wrong(
                    victim.pid(), "ended by itself with %d: %s".formatted(victim.status(), victim.lastWords()));
        }
        return Struck.dead(List.of(victim.pid()));
    }

    private Submitter.Taken submit(long seed) {
        return scene.submitter()
                .submit(scene.smallStudy(seed), scene.submitter().newKey(), LONGEST_WAIT);
    }

    /** Under a task that still runs at the next heartbeat. */
    private void cancelUnder(Child victim, long seed) {
        Submitter.Taken study =
                scene.submitter().submitUncompared(StudyTexts.slow().withSeed(seed));
        Threads.await(
                LONGEST_WAIT, LOOK, () -> !victim.isAlive() || scene.look().holds(victim.pid(), study.id()));
        scene.submitter().cancel(study);
        victim.awaitEnd(scene.lease());
    }

    private void drainWithinWork(Child victim, long seed) {
        Submitter.Taken study = submit(seed);
        boolean holding = Threads.await(
                        LONGEST_WAIT,
                        LOOK,
                        () -> !victim.isAlive()
                                || scene.look().holdsSomething(victim.pid())
                                || scene.look().isEnded(study.id()))
                && scene.look().holdsSomething(victim.pid());
        if (holding) {
            victim.terminate();
            victim.awaitEnd(LONGEST_WAIT);
        }
    }
}
