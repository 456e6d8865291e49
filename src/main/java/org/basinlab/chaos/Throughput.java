package org.basinlab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much of what the living workers could do is done, looked at a few times a second while a run goes on: of all slots that
 * take tasks the share that holds one, or has none to take. Tasks differ too much for their number to say anything.
 */
final class Throughput implements AutoCloseable {

    /** Of what the living workers can do, while one after another is killed. */
    private static final double LEAST_OF_LIVE = 0.8;

    /** Of what was done before. */
    private static final double LEAST_OF_BASELINE = 0.95;

    private static final Duration LONGEST_RETURN = Duration.ofSeconds(30);

    private static final Duration BASELINE = Duration.ofSeconds(60);

    /** What is too short to be a share of anything. */
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(250);

    private final boolean binding;
    private final List<Sample> samples = new ArrayList<>();
    private volatile boolean closed;

    /** At a moment: slots that take tasks, and those of them that idle though there is something to do. */
    record Sample(long nanoTime, int slots, int idle) {}

    /** @param binding whether too little is a violation; in a short run it is noise */
    Throughput(boolean binding) {
        this.binding = binding;
    }

    /** Looks at these processes from now on. */
    static Throughput of(Processes processes, Look look, boolean binding) {
        Throughput throughput = new Throughput(binding);
        Threads.start("throughput", () -> throughput.watch(processes, look));
        return throughput;
    }

    /** What was measured of a fault, and what is wrong with it, if anything. */
    record Found(Optional<ChaosReport.Share> share, List<String> wrong) {

        static final Found NOTHING = new Found(Optional.empty(), List.of());
    }

    /** To be called when the fault is over. */
    Found measure(Struck struck, long start, long end) {
        OptionalDouble baseline = share(start - BASELINE.toNanos(), start, 0);
        return switch (struck.measured()) {
            case SHARE_OF_LIVE ->
                held("of what living workers could do", share(start, end, struck.wasted()), LEAST_OF_LIVE);
            case SHARE_OF_BASELINE ->
                held("of the minute before", over(share(start, end, 0), baseline), LEAST_OF_BASELINE);
            case RETURN ->
                held(
                        "of the minute before, within %d s after the return".formatted(LONGEST_RETURN.toSeconds()),
                        over(best(end), baseline),
                        LEAST_OF_BASELINE);
            case NOTHING -> Found.NOTHING;
        };
    }

    private Found held(String of, OptionalDouble share, double least) {
        if (share.isEmpty()) {
            return Found.NOTHING;
        }
        double rounded = Math.round(share.getAsDouble() * 1_000) / 1_000.0;
        ChaosReport.Share found = new ChaosReport.Share(of, rounded, least);
        return new Found(
                Optional.of(found),
                !binding || rounded >= least
                        ? List.of()
                        : List.of("throughput must be at least %.0f %% %s, was %.1f %%"
                                .formatted(least * 100, of, rounded * 100)));
    }

    private static OptionalDouble over(OptionalDouble share, OptionalDouble baseline) {
        return share.isEmpty() || baseline.isEmpty() || baseline.getAsDouble() <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(share.getAsDouble() / baseline.getAsDouble());
    }

    /** The best few seconds in a row soon after a return; ends as soon as nothing was idle in them. */
    private OptionalDouble best(long from) {
        OptionalDouble best = OptionalDouble.empty();
        while (System.nanoTime() < from + LONGEST_RETURN.toNanos()) {
            long now = System.nanoTime();
            OptionalDouble last =
                    now - SHORTEST.toNanos() < from ? OptionalDouble.empty() : share(now - SHORTEST.toNanos(), now, 0);
            if (last.isPresent() && last.getAsDouble() > best.orElse(-1)) {
                best = last;
            }
            if (best.orElse(0) >= 1) {
                return best;
            }
            Threads.sleep(LOOK);
        }
        return best;
    }

    /** Absent where there are too few samples to speak of. */
    private synchronized OptionalDouble share(long from, long to, double wasted) {
        double slots = 0;
        double idle = 0;
        int count = 0;
        for (Sample sample : samples) {
            if (sample.nanoTime() - from >= 0 && sample.nanoTime() - to < 0) {
                slots += sample.slots();
                idle += sample.idle();
                count++;
            }
        }
        if (count < 2 || slots == 0) {
            return OptionalDouble.empty();
        }
        double could = slots / count * ((to - from) / 1e9);
        return OptionalDouble.of(Math.max(0, 1 - idle / slots - wasted / could));
    }

    private void watch(Processes processes, Look look) {
        while (!closed) {
            try {
                List<Long> alive =
                        processes.liveWorkers().stream().map(Child::pid).toList();
                int slots = look.taking(alive);
                add(new Sample(System.nanoTime(), slots, Math.min(slots, look.idleInVain(alive))));
            } catch (ChaosException e) {
                // The database is away for long: there is nothing to look at, and its faults are not this one's to
                // tell.
                Threads.sleep(Duration.ofSeconds(1));
            }
            Threads.sleep(LOOK);
        }
    }

    synchronized void add(Sample sample) {
        samples.add(sample);
    }

    @Override
    public void close() {
        closed = true;
    }
}
