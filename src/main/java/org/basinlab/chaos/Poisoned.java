package org.basinlab.chaos;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.ProbeBehaviour;
import org.basinlab.study.StudyFile;
import org.basinlab.workflow.PlannedTask;
import org.basinlab.workflow.Planner;
import org.basinlab.workflow.TaskSpec;

/** A study comes of which some tasks break, and one ends the process of whoever runs it: they are parked, the rest goes on. */
record Poisoned(long study) implements Fault {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Each takes three workers down, one lease after another. */
    private static final int MOST_CRASHES = 2;

    private static final List<ProbeBehaviour> EACH =
            List.of(ProbeBehaviour.THROWS, ProbeBehaviour.REJECTS, ProbeBehaviour.OUT_OF_MEMORY, ProbeBehaviour.CRASH);

    /** One of the studies that hold every misbehaviour at least once. */
    static Poisoned draw(RandomGenerator random) {
        while (true) {
            long seed = random.nextLong(1, 1L << 30);
            if (holdsEach(seed)) {
                return new Poisoned(seed);
            }
        }
    }

    private static boolean holdsEach(long seed) {
        List<PlannedTask> tasks = plan(seed);
        Map<ProbeBehaviour, Integer> counts = new EnumMap<>(ProbeBehaviour.class);
        tasks.stream()
                .filter(task -> task.inputs().isEmpty())
                .forEach(task -> counts.merge(behaviour(task), 1, Integer::sum));
        return counts.keySet().containsAll(EACH)
                && counts.getOrDefault(ProbeBehaviour.CRASH, 0) <= MOST_CRASHES
                && behaviour(tasks.get(tasks.size() - 1)) == ProbeBehaviour.OK;
    }

    static List<PlannedTask> plan(long seed) {
        return Planner.plan(StudyFile.read(StudyTexts.poison().withSeed(seed), "poison"))
                .tasks();
    }

    static ProbeBehaviour behaviour(PlannedTask task) {
        if (task.spec() instanceof TaskSpec.Probe probe) {
            return probe.behaviour();
        }
        throw new IllegalStateException(
                "poison must be made of probes, has " + task.spec().kind());
    }

    @Override
    public String label() {
        return "poison";
    }

    @Override
    public String settings() {
        return "tasks that throw, reject, exhaust memory and crash";
    }

    @Override
    public Struck strike(Scene scene) {
        Submitter.Taken taken =
                scene.submitter().submitUncompared(StudyTexts.poison().withSeed(study));
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!scene.look().isEnded(taken.id())) {
            if (System.nanoTime() > end) {
                return Struck.nobody().wrong("poison must be parked within %d s".formatted(LONGEST.toSeconds()));
            }
            scene.processes().refill();
            Threads.sleep(Duration.ofMillis(250));
        }
        Struck struck = Struck.nobody(scene.look().probesByEnd(taken.id()));
        for (String wrong : scene.look().probesThatEndedWrongly(taken.id())) {
            struck = struck.wrong(wrong);
        }
        return struck;
    }
}
