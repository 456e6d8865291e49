package org.basinlab.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.basinlab.ledger.ClaimRequest;
import org.basinlab.ledger.Claims;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.Heartbeats;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.ProcessName;
import org.basinlab.ledger.StoreFault;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.ledger.WorkerState;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The slots of this process: threads that take one task after another, and the heartbeat that keeps their leases. */
@ApplicationScoped
public class Slots {

    private static final Logger LOG = Logger.getLogger(Slots.class);

    private static final long BETWEEN_WORDS = Duration.ofMinutes(1).toNanos();

    /** Between two looks at what hangs. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Means means;
    private final Holding holding = new Holding();
    private final Idleness idleness = new Idleness();
    private final Pace pace = new Pace();
    private final Heart heart;
    private final Memory memory = new Memory(holding);

    /** All that are to end before this process does; not those that hang. */
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private volatile Optional<UUID> worker = Optional.empty();
    private volatile Optional<UUID> onlyStudy = Optional.empty();
    private volatile Optional<String> broken = Optional.empty();
    private volatile Optional<String> fault = Optional.empty();
    private volatile WorkerState state = WorkerState.ACTIVE;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile String device = "cpu";
    private volatile long warnedAt = System.nanoTime() - BETWEEN_WORDS;
    private volatile int slots;
    private volatile Consumer<String> say = line -> {};
    private int hanging;
    private boolean stopped;

    Slots(Means means) {
        this.means = means;
        this.heart = new Heart(means.heartbeats(), means.signals(), means.config(), holding, this::giveUp);
    }

    /**
     * Begins to take tasks. What an earlier process of this machine could not hand in goes first.
     *
     * @param study only tasks of this study, where present
     * @throws org.basinlab.ledger.WorkerRefusedException if this program does not fit the store
     */
    public synchronized void start(WorkerFacts facts, Optional<UUID> study) {
        if (worker.isPresent()) {
            throw new IllegalStateException("the slots of this process have been started already");
        }
        UUID me = means.workers().register(facts);
        handInLeftovers();
        int returned = means.workers().takeBackFromDead(facts.machine(), Slots::lives);
        if (returned > 0) {
            LOG.infof("%d tasks of workers that are gone are back in the queue", returned);
        }
        worker = Optional.of(me);
        onlyStudy = study;
        device = facts.device();
        memory.has(facts.memoryBytes());
        slots = facts.slots();
        means.signals().sendAs(me);
        means.listener().start();
        for (int slot = 0; slot < slots; slot++) {
            threads.add(begin("slot-" + slot, new Slot(new OwnTasks(), means, pace)));
        }
        threads.add(begin("heartbeat", this::keepLeases));
    }

    /** Whether this process computes. */
    boolean isStarted() {
        return worker.isPresent() && stopping.getCount() > 0;
    }

    private void handInLeftovers() {
        int count = means.buffer().handInLeftovers(done -> means.handIn().results(List.of(done)));
        if (count > 0) {
            LOG.warnf("%d results that waited on this disk for the store are handed in", count);
        }
    }

    /** Why this process cannot go on, once that is so. */
    public Optional<String> broken() {
        return broken;
    }

    /** How far the tasks are that run here, in [0, 1] each. */
    public List<Running> running() {
        return holding.list().stream()
                .filter(Held::isBegun)
                .map(one -> new Running(one.lease(), one.fraction()))
                .toList();
    }

    /** Whether all slots found nothing to do when they looked last; {@code false} before they have. */
    public boolean isIdle() {
        return worker.isPresent() && holding.isEmpty() && idleness.slots() == slots;
    }

    /**
     * Takes no further task, gives back what runs, a training after a point from which it can be resumed, and returns when all threads
     * have ended, but those that hang. Nobody is charged for it.
     */
    public synchronized void stop() {
        if (worker.isEmpty() || stopped) {
            return;
        }
        stopped = true;
        int held = holding.list().size();
        say.accept("draining: nothing more is taken, %d %s back into the queue"
                .formatted(held, held == 1 ? "task goes" : "tasks go"));
        if (state == WorkerState.ACTIVE) {
            state = WorkerState.DRAINING;
        }
        close();
        FaultPoint.DRAIN.reached();
        awaitThreads();
        if (broken.isEmpty() || fault.isPresent()) {
            worker.ifPresent(means.workers()::stop);
        }
        say.accept("ended");
    }

    /** Whoever is told so learns that the slots stop, and when they have. */
    public void tellEnd(Consumer<String> listener) {
        say = listener;
    }

    /** Before anything that the slots need is taken down. */
    void stopWithProcess(@Observes ShutdownEvent event) {
        stop();
    }

    /** A task hangs: the store is told, its thread left to itself, and another takes its place. */
    private void giveUp(Held held) {
        String why = held.overdue().orElse("it hangs");
        LOG.errorf(
                "task %s is given up, its thread does not end: %s", held.lease().taskId(), why);
        held.worksOn().ifPresent(threads::remove);
        held.abandon();
        holding.remove(held);
        hanging++;
        // They wait for the same thread, in vain.
        List<Held> mates = held.batch().stream()
                .filter(mate -> mate != held && !mate.isRunning())
                .toList();
        mates.forEach(Held::stop);
        threads.add(begin("given-up", () -> {
            mates.stream()
                    .filter(mate -> holding.find(mate.lease().token()).isPresent())
                    .forEach(mate -> {
                        means.attempting().giveBack(mate);
                        holding.remove(mate);
                    });
            try {
                means.attempting().broke(held, TimeLimitException.class.getSimpleName() + ": " + why);
            } catch (RuntimeException e) {
                LOG.warnf("task %s waits for its lease to end: %s", held.lease().taskId(), StoreFault.rootMessage(e));
            }
        }));
        if (hanging > slots) {
            breakDown("tasks must end when they are told to, %d hang in this process".formatted(hanging));
        } else if (!isClosed()) {
            threads.add(begin("slot-in-place", new Slot(new OwnTasks(), means, pace)));
        }
    }

    private void breakDown(@Nullable String why) {
        broken = Optional.of(Objects.requireNonNullElse(why, "the slots cannot go on"));
        close();
    }

    /** Nothing is taken any more, and what runs goes back. */
    private void close() {
        stopping.countDown();
        holding.stop();
        means.bell().ringAll();
    }

    private boolean isClosed() {
        return stopping.getCount() == 0;
    }

    private Heartbeats.Self self(boolean idle) {
        return new Heartbeats.Self(worker.orElseThrow(), state, idle && !isClosed(), fault);
    }

    private void keepLeases() {
        while (!isClosed()) {
            boolean heard = beat();
            Duration time = heard ? means.config().heartbeat() : means.budget().turn(4);
            long end = System.nanoTime() + time.toNanos();
            for (long left = time.toNanos(); left > 0 && !isClosed(); left = end - System.nanoTime()) {
                heart.endWhatHangs();
                await(Math.min(left, TICK.toNanos()));
            }
        }
        // That it ends is said at once; then it is heard of until the last of its tasks is given back.
        for (long next = System.nanoTime(); !holding.isEmpty(); rest()) {
            if (System.nanoTime() - next >= 0) {
                beat();
                next = System.nanoTime() + means.config().heartbeat().toNanos();
            }
            heart.endWhatHangs();
        }
        beat();
    }

    private boolean beat() {
        boolean[] heard = {false};
        try {
            idleness.tell(idle -> heard[0] = heart.beat(self(idle)));
        } catch (RuntimeException e) {
            LOG.errorf(e, "a heartbeat failed: %s", StoreFault.rootMessage(e));
        }
        return heard[0];
    }

    /** Shorter when this process stops. */
    private void await(long nanos) {
        try {
            if (stopping.await(nanos, TimeUnit.NANOSECONDS)) {
                LOG.debug("the slots stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(Slots.class.getClassLoader());
        thread.start();
        return thread;
    }

    /** One that turns out to hang is not waited for any longer. */
    private void awaitThreads() {
        try {
            while (!threads.isEmpty()) {
                for (Thread thread : threads) {
                    thread.join(TICK.toMillis());
                }
                threads.removeIf(thread -> !thread.isAlive());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean lives(ProcessName process) {
        return ProcessHandle.of(process.pid())
                .filter(ProcessHandle::isAlive)
                .map(found -> process.started().isEmpty()
                        || found.info()
                                .startInstant()
                                .map(process.started().get()::equals)
                                .orElse(true))
                .orElse(false);
    }

    /** A task that runs here, and how much of it is done. */
    public record Running(Lease lease, double fraction) {}

    /** The tasks of every slot of this process. */
    private final class OwnTasks implements TaskSource {

        @Override
        public Taken take(Map<String, Integer> most) {
            long asked = System.nanoTime();
            ClaimRequest request = new ClaimRequest(
                    worker.orElseThrow(),
                    Pace.MOST,
                    means.config().lease(),
                    onlyStudy,
                    device,
                    memory.free(),
                    Optional.of(most));
            Claims.Claimed claimed = means.claims().claim(request);
            List<Held> taken = claimed.leases().stream().map(Held::new).toList();
            taken.forEach(one -> {
                one.isOneOf(taken);
                one.keepUntil(heart.keptUntil(asked));
            });
            taken.forEach(one -> one.needs(claimed.memoryBytes()));
            // Two slots that ask at once may be given more than both can hold: one gives its tasks back.
            if (slots > 1 && !taken.isEmpty() && !memory.reserve(taken)) {
                taken.forEach(means.attempting()::giveBack);
                return Taken.NOTHING;
            }
            taken.forEach(one -> {
                holding.add(one);
                if (Slots.this.isClosed()) {
                    // The stop came while this task was being claimed and did not see it.
                    one.stop();
                }
            });
            return new Taken(taken, claimed.more());
        }

        @Override
        public void drop(Held held) {
            holding.remove(held);
        }

        @Override
        public boolean idle() {
            return idleness.begin(idle -> means.heartbeats().here(self(idle)));
        }

        @Override
        public void busy() {
            idleness.end();
        }

        @Override
        public void say(String warning) {
            long now = System.nanoTime();
            if (now - warnedAt >= BETWEEN_WORDS) {
                warnedAt = now;
                LOG.warn(warning);
            }
        }

        @Override
        public void breakDown(@Nullable String why) {
            Slots.this.breakDown(why);
        }

        @Override
        public void cordon(DeviceFailedException why) {
            String said = "the device of this worker failed, it takes no more tasks: " + why.getMessage();
            LOG.error(said);
            fault = Optional.of(said);
            state = WorkerState.CORDONED;
            holding.list().forEach(Held::distrust);
            Slots.this.breakDown(said);
        }

        @Override
        public boolean isClosed() {
            return Slots.this.isClosed();
        }
    }
}
