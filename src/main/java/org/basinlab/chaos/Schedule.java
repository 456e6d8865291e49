package org.basinlab.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.recipe.Seeds;

/** The faults of a run, drawn before its first from seed, length and number of workers, and from nothing else. */
record Schedule(List<Step> steps) {

    /** No fault takes less. */
    private static final int SHORTEST_SECONDS = 8;

    private static final int MOST_KILLS = 30;

    private static final List<FaultPoint> REACHED_BY_ITSELF = List.of(
            FaultPoint.AFTER_CLAIM,
            FaultPoint.DATA_LOAD,
            FaultPoint.MID_EPOCH,
            FaultPoint.BEFORE_CHECKPOINT,
            FaultPoint.BETWEEN_CHUNKS,
            FaultPoint.BEFORE_COMMIT,
            FaultPoint.AFTER_COMMIT,
            FaultPoint.AFTER_ACKNOWLEDGEMENT);

    /**
     * One fault.
     *
     * @param number from 1
     * @param pauseMillis of quiet before it
     */
    record Step(int number, int pauseMillis, Fault fault) {

        String line() {
            return "%3d  after %5.1f s  %-22s %s".formatted(number, pauseMillis / 1e3, fault.label(), fault.settings());
        }
    }

    Schedule {
        steps = List.copyOf(steps);
    }

    static Schedule draw(ChaosSettings settings) {
        RandomGenerator random = Seeds.generator(Seeds.derive(settings.seed(), "chaos"));
        List<Fault> faults = new ArrayList<>();
        if (!settings.only().isEmpty()) {
            faults.addAll(named(settings, random));
        } else if (settings.isShort()) {
            faults.addAll(few(settings, random));
        } else {
            // In rounds, so that every kind comes before one comes again.
            long most = Math.max(1, (long) (settings.minutes() * 60 / SHORTEST_SECONDS));
            while (faults.size() < most) {
                faults.addAll(round(settings, random));
            }
            faults = faults.subList(0, (int) Math.min(most, faults.size()));
        }
        List<Step> steps = new ArrayList<>();
        int longestPause = settings.isShort() ? 500 : 4_000;
        for (Fault fault : faults) {
            steps.add(new Step(steps.size() + 1, random.nextInt(longestPause), fault));
        }
        return new Schedule(steps);
    }

    /** Of one round those that are asked for. */
    private static List<Fault> named(ChaosSettings settings, RandomGenerator random) {
        List<Fault> all = round(settings, random);
        Set<String> names = new TreeSet<>();
        all.forEach(fault -> names.addAll(names(fault)));
        for (String name : settings.only()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("--only must name scenarios or places, '%s' is none of %s"
                        .formatted(name, String.join(", ", names)));
            }
        }
        return all.stream()
                .filter(fault -> !Collections.disjoint(names(fault), settings.only()))
                .toList();
    }

    private static List<String> names(Fault fault) {
        return fault instanceof Fault.KilledAtPoint killed
                ? List.of(fault.label(), killed.point().label())
                : List.of(fault.label());
    }

    private static List<Fault> few(ChaosSettings settings, RandomGenerator random) {
        int worker = random.nextInt(settings.workers());
        List<Fault> faults = new ArrayList<>();
        FaultPoint point = REACHED_BY_ITSELF.get(random.nextInt(REACHED_BY_ITSELF.size()));
        faults.add(new Fault.SubmittedTwice(2 + random.nextInt(3), random.nextLong(1, 1L << 30)));
        faults.add(new Fault.SessionsEnded(5, 2));
        faults.add(new Fault.AnswersLost(worker, 1));
        faults.add(new Fault.NetworkCut(random.nextInt(settings.workers()), 2));
        faults.add(random.nextBoolean() ? new Fault.StoreRestarted(1) : new Fault.StoreKilled(1));
        faults = shuffled(faults, random);
        // The one that is armed from the start comes first: it reaches its point when it will.
        faults.add(0, new Fault.KilledAtPoint(point, 1 + random.nextInt(2), random.nextLong(1, 1L << 30)));
        return faults;
    }

    private static List<Fault> round(ChaosSettings settings, RandomGenerator random) {
        int lease = settings.leaseSeconds();
        List<Fault> faults = new ArrayList<>();
        for (FaultPoint point : FaultPoint.values()) {
            faults.add(new Fault.KilledAtPoint(point, comesOnce(point) ? 1 : 1 + random.nextInt(3), study(random)));
        }
        faults.add(new RepeatedKills(Math.max(4 + random.nextInt(3), kills(settings)), 10));
        faults.add(new ServerKilled(random.nextInt(400), study(random)));
        faults.add(new Fault.StoreRestarted(1 + random.nextInt(8)));
        faults.add(new Fault.StoreKilled(1 + random.nextInt(8)));
        faults.add(new Fault.SessionsEnded(5, 10 + random.nextInt(11)));
        faults.add(new Fault.ConnectionsTaken(300, 10 + random.nextInt(11)));
        faults.add(new Fault.NetworkCut(random.nextInt(settings.workers()), 10));
        faults.add(new Fault.NetworkCut(random.nextInt(settings.workers()), lease + 20 + random.nextInt(20)));
        faults.add(new CutForEver(random.nextInt(settings.workers()), study(random)));
        faults.add(new Fault.AnswersLost(random.nextInt(settings.workers()), 2 + random.nextInt(8)));
        faults.add(new Fault.SubmittedTwice(2 + random.nextInt(6), study(random)));
        faults.add(new Fault.Frozen(random.nextInt(settings.workers()), lease + 10 + random.nextInt(10)));
        faults.add(new Fault.Cancelled(random.nextInt(4_000), study(random)));
        faults.add(new Fault.Drained(random.nextInt(settings.workers())));
        faults.add(Poisoned.draw(random));
        return shuffled(faults, random);
    }

    /** One every ten seconds: five minutes of them where the run is an hour and more, or has hardly anything else. */
    private static int kills(ChaosSettings settings) {
        double seconds = settings.minutes() * 60 / (settings.only().isEmpty() ? 12 : 1);
        return (int) Math.min(MOST_KILLS, seconds / 10);
    }

    /** In the life of one process. */
    private static boolean comesOnce(FaultPoint point) {
        return point == FaultPoint.DRAIN || point == FaultPoint.CANCEL_PENDING;
    }

    private static List<Fault> shuffled(List<Fault> faults, RandomGenerator random) {
        return new ArrayList<>(Arrays.stream(Seeds.shuffled(faults.size(), random))
                .mapToObj(faults::get)
                .toList());
    }

    /** The seed of a small study beside the one that is run. */
    private static long study(RandomGenerator random) {
        return random.nextLong(1, 1L << 30);
    }
}
