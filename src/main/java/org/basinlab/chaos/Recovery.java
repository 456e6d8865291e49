package org.basinlab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The time after a fault until things are as before: what the dead held is back in the queue and taken again, and whoever
 * lives has been heard of.
 */
final class Recovery {

    /** Beyond the end of a lease: a sweep, and what noticing takes. */
    static final Duration REQUEUED = Duration.ofSeconds(5);

    /** The same for a heartbeat of a process that has to connect anew. */
    private static final Duration HEARD = Duration.ofSeconds(7);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Scene scene;
    private final Consumer<String> say;
    private final long since = System.nanoTime();
    private final List<String> wrong = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** @param say is told what is waited for, where that takes a while */
    Recovery(Scene scene, Consumer<String> say) {
        this.scene = scene;
        this.say = say;
    }

    /**
     * How it went.
     *
     * @param requeued seconds until nobody who is dead held anything; absent where nobody died
     * @param recovered seconds until all was as before
     */
    record Recovered(Optional<Double> requeued, double recovered, List<String> notes, List<String> wrong) {}

    /** To be called when the fault is over. */
    Recovered await(Struck struck) {
        Optional<Double> requeued = Optional.empty();
        if (!struck.dead().isEmpty()) {
            requeued = Optional.of(awaitRequeued(struck.dead()));
        }
        scene.processes().noteEnded();
        scene.processes().refill();
        if (!struck.dead().isEmpty()
                && !await(
                        () -> "waiting until what came back is taken again",
                        () -> scene.look().waitingAgain(struck.dead()) == 0,
                        Duration.ofSeconds(60))) {
            notes.add("what came back waits for a slot");
        }
        awaitHeard();
        return new Recovered(requeued, seconds(), notes, wrong);
    }

    private double awaitRequeued(List<Long> dead) {
        // After the database came up, no lease counts as run out for one lease period.
        double young = Math.max(0, scene.lease().toSeconds() - scene.look().upSeconds());
        Duration most =
                scene.lease().plus(Duration.ofMillis((long) (young * 1_000))).plus(REQUEUED);
        Supplier<String> what = () -> "waiting until %d tasks of the dead are back"
                .formatted(scene.look().openAttempts(dead));
        if (!await(what, () -> scene.look().openAttempts(dead) == 0, most)) {
            wrong.add("what a dead worker held must be back within %d s, it was not".formatted(most.toSeconds()));
            await(what, () -> scene.look().openAttempts(dead) == 0, Duration.ofMinutes(5));
        }
        return seconds();
    }

    private void awaitHeard() {
        double mark = scene.look().now();
        List<Long> before = pids();
        boolean heard = await(
                () -> "waiting until every worker that lives is heard of",
                () -> {
                    List<Long> alive = pids();
                    alive.retainAll(before);
                    return scene.look().heardSince(alive, mark) >= registered(alive);
                },
                scene.lease().plus(HEARD));
        if (!heard) {
            wrong.add("every worker that lives must be heard of within a lease, one was not");
        }
    }

    /** Those that are still starting have not said anything yet. */
    private int registered(List<Long> alive) {
        return scene.look().heardSince(alive, 0);
    }

    private List<Long> pids() {
        return new ArrayList<>(
                scene.processes().liveWorkers().stream().map(Child::pid).toList());
    }

    private double seconds() {
        return Math.round((System.nanoTime() - since) / 1e7) / 100.0;
    }

    private boolean await(Supplier<String> what, BooleanSupplier condition, Duration most) {
        Waits waits = new Waits(say, what, System.nanoTime());
        return Threads.await(most, LOOK, () -> {
            waits.look(System.nanoTime());
            return condition.getAsBoolean();
        });
    }
}
