package org.basinlab.chaos;

import java.time.Duration;
import java.util.List;

/**
 * The network between one worker and the database is cut and never whole again: the worker must stop its tasks by itself, or end,
 * and others get them. Its machine is switched off afterwards.
 */
record CutForEver(int worker, long study) implements Fault {

    private static final Duration LONGEST_HOLD = Duration.ofSeconds(90);

    /** What a worker says that stops a task before its lease ends. */
    private static final String STOPS = "stops: the store was not reached for most of a lease";

    private static final Duration LOOK = Duration.ofMillis(100);

    @Override
    public String label() {
        return "network-gone";
    }

    @Override
    public String settings() {
        return "worker %d, for ever".formatted(worker);
    }

    @Override
    public Struck strike(Scene scene) {
        Child victim = scene.processes().worker(worker);
        Relay relay = scene.processes().relay(worker);
        Submitter.Taken slow =
                scene.submitter().submitUncompared(StudyTexts.slow().withSeed(study));
        try {
            if (!Threads.await(LONGEST_HOLD, LOOK, () -> scene.look().holds(victim.pid(), slow.id()))) {
                return Struck.nobody()
                        .wrong("worker %d must take a task within %d s"
                                .formatted(victim.pid(), LONGEST_HOLD.toSeconds()));
            }
            relay.become(Relay.Mode.CUT);
            return cut(scene, victim);
        } finally {
            victim.kill();
            relay.sever();
            relay.become(Relay.Mode.WHOLE);
            scene.submitter().cancel(slow);
        }
    }

    private static Struck cut(Scene scene, Child victim) {
        long since = System.nanoTime();
        List<Long> pid = List.of(victim.pid());
        boolean stopped = Threads.await(scene.lease(), LOOK, () -> !victim.isAlive() || victim.said(STOPS));
        double stoppedAfter = (System.nanoTime() - since) / 1e9;
        Duration left = scene.lease().plus(Recovery.REQUEUED).minusNanos(System.nanoTime() - since);
        boolean back = Threads.await(left, LOOK, () -> scene.look().openAttempts(pid) == 0);
        Struck struck = Struck.dead(pid)
                .with("the worker %s after %.1f s, its task was taken from it after %.1f s"
                        .formatted(
                                victim.isAlive() ? "stopped its task" : "ended",
                                stoppedAfter,
                                (System.nanoTime() - since) / 1e9));
        if (!stopped) {
            struck = struck.wrong("a worker that cannot reach the database must stop within a lease, it went on");
        }
        return back
                ? struck
                : struck.wrong("what it held must be back within a lease and %d s, it was not"
                        .formatted(Recovery.REQUEUED.toSeconds()));
    }
}
