package org.basinlab.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.basinlab.recipe.Digests;

/** The same studies without a fault, on a PostgreSQL of their own that no fault touches, and what differs. */
final class Undisturbed implements AutoCloseable {

    private static final String NAME = "undisturbed";

    private static final int MOST_SHOWN = 10;

    private final ChaosStore store;
    private final Processes processes;
    private final Submitter submitter;
    private final Look look;
    private boolean started;

    private Undisturbed(ChaosStore store, Processes processes, Submitter submitter, Look look) {
        this.store = store;
        this.processes = processes;
        this.submitter = submitter;
        this.look = look;
    }

    /** One that is not started yet. */
    static Undisturbed in(ChaosSettings settings) {
        ChaosStore store = new ChaosStore(settings.folder().resolve("store-" + NAME));
        Processes processes = new Processes(store, settings, NAME, settings.workers());
        return new Undisturbed(store, processes, new Submitter(processes, NAME), new Look(store::direct));
    }

    /** Starts a PostgreSQL and one process that works on it, once. */
    synchronized void start() {
        if (!started) {
            started = true;
            store.start();
            processes.startAlone();
        }
    }

    /** Submits what will be compared for certain, as soon as it can. */
    void begin(List<String> texts) {
        Threads.start("undisturbed", () -> {
            submitter.awaitServer(Duration.ofMinutes(3));
            texts.forEach(text -> submitter.submit(text, key(text), Duration.ofMinutes(2)));
        });
    }

    private static String key(String text) {
        return NAME + "-" + Digests.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Runs those that were not cancelled, waits for their ends and compares all that they gave, but for times. */
    ChaosReport.Compared compare(List<Submitter.Taken> disturbed, Look there, Consumer<String> say) {
        submitter.awaitServer(Duration.ofMinutes(3));
        Map<Submitter.Taken, UUID> pairs = new LinkedHashMap<>();
        disturbed.stream()
                .filter(Submitter.Taken::compared)
                .forEach(study -> pairs.put(
                        study,
                        submitter
                                .submit(study.text(), key(study.text()), Duration.ofMinutes(2))
                                .id()));
        Stillness still = new Stillness(look);
        Waits waits = new Waits(
                say,
                () -> "%d tasks are in the queue of the undisturbed run".formatted(look.openTasks()),
                System.nanoTime());
        while (!pairs.values().stream().allMatch(look::isEnded)) {
            if (still.isTooLong() || !processes.server(0).isAlive()) {
                throw new ChaosException("the undisturbed run must come to its end: "
                        + processes.server(0).lastWords());
            }
            waits.look(System.nanoTime());
            Threads.sleep(Duration.ofMillis(200));
        }
        List<String> differences = new ArrayList<>();
        int lines = 0;
        for (Map.Entry<Submitter.Taken, UUID> pair : pairs.entrySet()) {
            List<String> expected = results(look, pair.getValue());
            List<String> found = results(there, pair.getKey().id());
            lines += expected.size();
            differences.addAll(differences(pair.getKey().id(), expected, found));
        }
        return new ChaosReport.Compared(pairs.size(), lines, differences);
    }

    static List<String> differences(UUID study, List<String> expected, List<String> found) {
        Set<String> missing = new HashSet<>(expected);
        found.forEach(missing::remove);
        Set<String> foreign = new HashSet<>(found);
        expected.forEach(foreign::remove);
        List<String> differences = new ArrayList<>();
        missing.stream()
                .sorted()
                .limit(MOST_SHOWN)
                .forEach(line -> differences.add("study %s lacks %s".formatted(study, line)));
        foreign.stream()
                .sorted()
                .limit(MOST_SHOWN)
                .forEach(line -> differences.add("study %s has %s".formatted(study, line)));
        if (differences.isEmpty() && expected.size() != found.size()) {
            differences.add("study %s has %d lines, must have %d".formatted(study, found.size(), expected.size()));
        }
        if (expected.isEmpty()) {
            differences.add("study %s gave nothing without faults".formatted(study));
        }
        return differences;
    }

    private static List<String> results(Look look, UUID study) {
        return look.texts("", StudyTexts.resource("/chaos/results.sql").replace("%STUDY%", study.toString()));
    }

    @Override
    public void close() {
        processes.close();
        store.close();
    }
}
