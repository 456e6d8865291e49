package org.basinlab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A run of faults: real servers and workers on a PostgreSQL of their own, a study, one fault after another as the
 * {@link Schedule} has them, the invariants after each, and in the end the same studies without a fault, whose results must be
 * equal to the last bit.
 */
public final class ChaosRun {

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    /** Fewer tasks than this in the queue, and the study is submitted again under another seed. */
    private static final int HARDLY_ANY = 3;

    private final ChaosSettings settings;
    private final Consumer<String> say;
    private final Runnable ended;
    private final Schedule schedule;
    private final List<ChaosReport.Injected> injected = new ArrayList<>();
    private final Undisturbed undisturbed;
    private int waves;

    /**
     * Draws the faults.
     *
     * @param ended called last when this very process is told to end, after everything that the run started is gone
     */
    public ChaosRun(ChaosSettings settings, Consumer<String> say, Runnable ended) {
        this.settings = settings;
        this.say = say;
        this.ended = ended;
        this.undisturbed = Undisturbed.in(settings);
        this.schedule = Schedule.draw(settings);
    }

    /** The faults that will come, one line each. */
    public List<String> planned() {
        return schedule.steps().stream().map(Schedule.Step::line).toList();
    }

    /**
     * Runs it to its end.
     *
     * @throws ChaosException if it cannot, which says nothing of what it tests
     */
    public ChaosReport run() {
        try (ChaosStore store = new ChaosStore(settings.folder().resolve("store"));
                Processes processes = new Processes(store, settings, "disturbed", 1)) {
            Thread hook = new Thread(() -> endAll(store, processes), "end-processes");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                store.start();
                return run(store, processes);
            } finally {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        } catch (IllegalStateException e) {
            throw new ChaosException("the run of faults broke: " + e.getMessage(), e);
        }
    }

    /** When this very process is told to end: nothing that it started stays behind. */
    private void endAll(ChaosStore store, Processes processes) {
        processes.close();
        undisturbed.close();
        store.close();
        ended.run();
    }

    private ChaosReport run(ChaosStore store, Processes processes) {
        Submitter submitter = new Submitter(processes, "chaos-" + settings.seed());
        Look look = new Look(() -> store.direct());
        Scene scene = new Scene(store, processes, submitter, look, Duration.ofSeconds(settings.leaseSeconds()));
        Invariants invariants = new Invariants(look, submitter);
        say.accept("starting %d server(s), then %d workers".formatted(settings.servers(), settings.workers()));
        processes.startServers(1);
        if (settings.isShort()) {
            // Beside the faults, to save time: no fault reaches its store or its process.
            undisturbed.start();
        }
        try (Throughput throughput = Throughput.of(processes, look, settings.isMeasured())) {
            submitter.awaitServer(LONGEST_START);
            invariants.watch();
            processes.startServers(settings.servers() - 1);
            processes.startWorkers(settings.workers(), armed());
            String started = look.clock();
            nextWave(submitter);
            if (settings.isShort()) {
                undisturbed.begin(foreseen());
            }
            inject(scene, invariants, throughput);
            List<String> end = new ArrayList<>(finish(scene));
            invariants.checkEnd().forEach(violation -> end.add(violation.toString()));
            say.accept("comparing with the undisturbed run");
            ChaosReport.Compared compared = compare(submitter, look);
            return report(look, started, end, compared);
        } finally {
            undisturbed.close();
        }
    }

    /** In a short run the first worker is started for its death. */
    private Optional<Fault.KilledAtPoint> armed() {
        if (settings.isShort() && schedule.steps().get(0).fault() instanceof Fault.KilledAtPoint first) {
            return Optional.of(first);
        }
        return Optional.empty();
    }

    /** The studies that will be submitted for certain. */
    private List<String> foreseen() {
        List<String> texts = new ArrayList<>(List.of(wave(1)));
        for (Schedule.Step step : schedule.steps()) {
            if (step.fault() instanceof Fault.SubmittedTwice twice) {
                texts.add(StudyTexts.small().withSeed(twice.study()));
            } else if (step.fault() instanceof Fault.KilledAtPoint killed) {
                texts.add(StudyTexts.small().withSeed(killed.study()));
            }
        }
        return texts;
    }

    private String wave(int number) {
        StudyTexts asked = settings.study().map(StudyTexts::new).orElseGet(StudyTexts::small);
        return number == 1 && settings.study().isPresent() ? asked.text() : asked.withSeed(settings.seed() + number);
    }

    private void nextWave(Submitter submitter) {
        waves++;
        submitter.submit(wave(waves), submitter.newKey(), LONGEST_START);
    }

    private void inject(Scene scene, Invariants invariants, Throughput throughput) {
        long start = System.nanoTime();
        double most = settings.minutes() * 60;
        for (Schedule.Step step : schedule.steps()) {
            if (settings.only().isEmpty() && !settings.isShort() && seconds(start) >= most) {
                return;
            }
            if (scene.look().openTasks() < HARDLY_ANY) {
                nextWave(scene.submitter());
            }
            scene.processes().noteEnded();
            scene.processes().refill();
            Threads.sleep(Duration.ofMillis(step.pauseMillis()));
            ChaosReport.Injected one = inject(scene, invariants, throughput, step, seconds(start));
            injected.add(one);
            say.accept(line(one));
        }
    }

    private ChaosReport.Injected inject(
            Scene scene, Invariants invariants, Throughput throughput, Schedule.Step step, double at) {
        say.accept("%3d  %-16s %s"
                .formatted(step.number(), step.fault().label(), step.fault().settings()));
        long start = System.nanoTime();
        Struck struck = strike(step.fault(), scene);
        long over = System.nanoTime();
        Recovery.Recovered recovered = new Recovery(scene, say).await(struck);
        Throughput.Found measured =
                settings.isShort() ? Throughput.Found.NOTHING : throughput.measure(struck, start, over);
        List<String> violations = new ArrayList<>(struck.wrong());
        violations.addAll(measured.wrong());
        violations.addAll(recovered.wrong());
        invariants.check().forEach(violation -> violations.add(violation.toString()));
        List<String> notes = new ArrayList<>(struck.notes());
        notes.addAll(recovered.notes());
        notes.addAll(scene.processes().takeNotes());
        return new ChaosReport.Injected(
                step.number(),
                step.fault().label(),
                step.fault().settings(),
                at,
                seconds(start),
                recovered.requeued(),
                recovered.recovered(),
                measured.share(),
                scene.look().lostTasks(),
                scene.look().duplicatedTasks(),
                violations,
                notes);
    }

    /** What is not heard while a fault goes on is the fault of what is tested. */
    private static Struck strike(Fault fault, Scene scene) {
        try {
            return fault.strike(scene);
        } catch (Submitter.UnheardException e) {
            return Struck.nobody().wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Lets everything come to its end, with whoever has ended replaced; what is wrong if it does not. */
    private List<String> finish(Scene scene) {
        say.accept("no more faults; waiting for the end of what was submitted");
        Stillness still = new Stillness(scene.look());
        Waits waits = new Waits(
                say, () -> "%d tasks are in the queue".formatted(scene.look().openTasks()), System.nanoTime());
        while (!scene.submitter().acknowledged().stream()
                .allMatch(study -> scene.look().isEnded(study.id()))) {
            if (still.isTooLong()) {
                return List.of("I7: %d tasks are in the queue, and nothing has happened for %d minutes"
                        .formatted(scene.look().openTasks(), Stillness.LONGEST.toMinutes()));
            }
            waits.look(System.nanoTime());
            scene.processes().refill();
            Threads.sleep(Duration.ofMillis(250));
        }
        return List.of();
    }

    private ChaosReport.Compared compare(Submitter submitter, Look look) {
        undisturbed.start();
        return undisturbed.compare(submitter.acknowledged(), look, say);
    }

    private ChaosReport report(Look look, String started, List<String> end, ChaosReport.Compared compared) {
        Map<String, Integer> counts = new TreeMap<>(look.counts());
        int lost = look.lostTasks();
        int duplicated = look.duplicatedTasks();
        boolean passed = end.isEmpty()
                && lost == 0
                && duplicated == 0
                && compared.differences().isEmpty()
                && injected.stream().allMatch(ChaosReport.Injected::passed);
        return new ChaosReport(
                settings.seed(),
                settings.minutes(),
                settings.workers(),
                settings.leaseSeconds(),
                started,
                look.clock(),
                passed,
                planned(),
                injected,
                lost,
                duplicated,
                counts,
                end,
                compared);
    }

    private static String line(ChaosReport.Injected one) {
        return "%3d  %-16s %-44s %s  recovered %.1f s%s"
                .formatted(
                        one.number(),
                        one.scenario(),
                        one.settings(),
                        one.passed() ? "ok  " : "FAIL",
                        one.recoveredSeconds(),
                        one.requeuedSeconds()
                                .map(", requeued %.1f s"::formatted)
                                .orElse(""));
    }

    private static double seconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e8) / 10.0;
    }
}
