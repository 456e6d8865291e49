package org.basinlab.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.basinlab.ledger.ClaimRequest;
import org.basinlab.ledger.Claims;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.ledger.ProcessName;
import org.basinlab.ledger.WorkerFacts;
import org.basinlab.ledger.Workers;
import org.jboss.logging.Logger;

/** The slots of this process: threads that take one task after another, and the heartbeat that keeps their leases. */
@ApplicationScoped
public class Slots {

    private static final Logger LOG = Logger.getLogger(Slots.class);

    private final Workers workers;
    private final Claims claims;
    private final Attempting attempting;
    private final DispatchConfig config;
    private final Bell bell;

    private final ConcurrentHashMap<Long, Held> held = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile Optional<UUID> worker = Optional.empty();
    private volatile Optional<UUID> onlyStudy = Optional.empty();
    private volatile Optional<String> broken = Optional.empty();
    private volatile String device = "cpu";
    private volatile long memory;
    private volatile boolean stopping;
    private boolean stopped;

    Slots(Workers workers, Claims claims, Attempting attempting, DispatchConfig config, Bell bell) {
        this.workers = workers;
        this.claims = claims;
        this.attempting = attempting;
        this.config = config;
        this.bell = bell;
    }

    /**
     * Begins to take tasks.
     *
     * @param study only tasks of this study, where present
     */
    public synchronized void start(WorkerFacts facts, Optional<UUID> study) {
        if (worker.isPresent()) {
            throw new IllegalStateException("the slots of this process have been started already");
        }
        int returned = workers.takeBackFromDead(facts.machine(), Slots::lives);
        if (returned > 0) {
            LOG.infof("%d tasks of workers that are gone are back in the queue", returned);
        }
        worker = Optional.of(workers.register(facts));
        onlyStudy = study;
        device = facts.device();
        memory = facts.memoryBytes();
        for (int slot = 0; slot < facts.slots(); slot++) {
            threads.add(begin("slot-" + slot, this::takeTasks));
        }
        threads.add(begin("heartbeat", this::keepLeases));
    }

    /** Why this process cannot go on, once that is so. */
    public Optional<String> broken() {
        return broken;
    }

    /** How far the tasks are that run here, in [0, 1] each. */
    public List<Running> running() {
        return held.values().stream()
                .map(one -> new Running(one.lease(), one.fraction()))
                .toList();
    }

    /** Takes no further task, gives back what runs, and returns when all threads have ended. */
    public synchronized void stop() {
        if (worker.isEmpty() || stopped) {
            return;
        }
        stopped = true;
        stopping = true;
        FaultPoint.DRAIN.reached();
        held.values().forEach(Held::stop);
        bell.ring();
        threads.forEach(Slots::join);
        if (broken.isEmpty()) {
            worker.ifPresent(workers::stop);
        }
    }

    /** Before anything that the slots need is taken down. */
    void stopWithProcess(@Observes ShutdownEvent event) {
        stop();
    }

    private void takeTasks() {
        Outage outage = new Outage(config.storeOutage());
        while (!stopping) {
            long heard = bell.rings();
            try {
                boolean took = takeOne();
                outage.isOver();
                if (!took) {
                    bell.await(heard, config.poll());
                }
            } catch (StoreGoneException e) {
                giveUp(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (!Outage.isOfTheStore(e)) {
                    giveUp(new StoreGoneException("no task can be taken: " + Outage.rootMessage(e), e));
                }
                outage.goesOn(e).ifPresent(this::giveUp);
                pause(config.poll());
            }
        }
    }

    /** This process cannot go on; whoever started the slots reads why. */
    private void giveUp(StoreGoneException why) {
        broken = Optional.of(String.valueOf(why.getMessage()));
        stopping = true;
        held.values().forEach(Held::stop);
        bell.ring();
    }

    private boolean takeOne() {
        UUID me = worker.orElseThrow();
        List<Held> taken = claims.claim(new ClaimRequest(me, 1, config.lease(), onlyStudy, device, memory)).stream()
                .map(Held::new)
                .toList();
        for (Held one : taken) {
            held.put(one.lease().token(), one);
            if (stopping) {
                // The stop came while this task was being claimed and did not see it.
                one.stop();
            }
            try {
                attempting.attempt(one);
            } finally {
                held.remove(one.lease().token());
                bell.ring();
                FaultPoint.AFTER_ACKNOWLEDGEMENT.reached();
            }
        }
        return !taken.isEmpty();
    }

    private void keepLeases() {
        Outage outage = new Outage(config.storeOutage());
        while (!stopping || !held.isEmpty()) {
            pause(stopping ? Duration.ofMillis(100) : config.heartbeat());
            try {
                var tokens = held.keySet().stream().collect(Collectors.toSet());
                var alive = claims.extend(worker.orElseThrow(), tokens, config.lease());
                FaultPoint.HEARTBEAT.reached();
                tokens.stream().filter(Predicate.not(alive::contains)).forEach(this::lose);
                workers.heard(worker.orElseThrow());
                outage.isOver();
            } catch (RuntimeException e) {
                // Not to be heard of for a while is what leases are for: it is said, and no reason to give up.
                outage.goesOn(e);
            }
        }
    }

    private void lose(long token) {
        Held lost = held.get(token);
        if (lost != null) {
            FaultPoint.CANCEL_PENDING.reached();
            lost.lose();
        }
    }

    /** Waits for {@code time}, or shorter when this process stops. */
    private void pause(Duration time) {
        try {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end && (!stopping || time.toMillis() <= 100)) {
                bell.await(bell.rings(), Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
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

    private static void join(Thread thread) {
        try {
            thread.join();
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
    public record Running(org.basinlab.ledger.Lease lease, double fraction) {}
}
