package org.basinlab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One worker after another dies by {@code kill -9}, each replaced at once. */
record RepeatedKills(int times, int secondsBetween) implements Fault {

    private static final Duration LONGEST_START = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofMillis(100);

    @Override
    public String label() {
        return "repeated-kills";
    }

    @Override
    public String settings() {
        return "%d, one every %d s".formatted(times, secondsBetween);
    }

    @Override
    public Struck strike(Scene scene) {
        Map<Long, Long> killed = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        long start = System.nanoTime();
        double wasted = 0;
        for (int i = 0; i < times; i++) {
            Child victim = scene.processes().worker(i);
            // One that is still starting lives as little as the one before it.
            Threads.await(
                    LONGEST_START, LOOK, () -> !victim.isAlive() || scene.look().isRegistered(victim.pid()));
            wasted += Math.min(scene.look().unsavedSeconds(victim.pid()), (System.nanoTime() - start) / 1e9);
            victim.kill();
            killed.put(victim.pid(), System.nanoTime());
            scene.processes().refill();
            Threads.sleep(Duration.ofSeconds(secondsBetween));
            wrong.addAll(overdue(scene, killed));
        }
        return new Struck(List.copyOf(killed.keySet()), List.of(), wrong)
                .measured(Struck.Measured.SHARE_OF_LIVE)
                .wasted(wasted);
    }

    /** Those that died long enough ago and still hold something. The time after the last is the recovery's. */
    private static List<String> overdue(Scene scene, Map<Long, Long> killed) {
        long most = scene.lease().plus(Recovery.REQUEUED).toNanos();
        return killed.entrySet().stream()
                .filter(one -> System.nanoTime() - one.getValue() > most)
                .map(Map.Entry::getKey)
                .filter(pid -> scene.look().openAttempts(List.of(pid)) > 0)
                .map(pid -> "process %d died more than a lease and %d s ago and holds something"
                        .formatted(pid, Recovery.REQUEUED.toSeconds()))
                .toList();
    }
}
