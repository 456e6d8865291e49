package org.basinlab.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.basinlab.ledger.AttemptLogs;
import org.basinlab.ledger.Heartbeats;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Progress;
import org.jspecify.annotations.Nullable;

/** A lease in the hands of one slot: how far its task is, what it says, and whether it must stop. */
final class Held implements Progress {

    /** Lines that wait for the next heartbeat; the store keeps no more of an attempt. */
    private static final int MOST_LINES = AttemptLogs.MOST_LINES;

    private final Lease lease;
    private final List<AttemptLogs.Said> lines = new ArrayList<>();
    private volatile double fraction;
    private volatile boolean stop;
    private volatile boolean lost;
    private volatile boolean ranOut;
    private volatile boolean abandoned;
    private volatile boolean distrusted;
    private volatile boolean begun;
    private volatile AttemptTime time = AttemptTime.UNLIMITED;
    private volatile long begunAt;
    private volatile long movedAt;
    private volatile @Nullable Thread thread;
    private double toldFraction;
    private boolean toldBegun;
    private volatile List<Held> batch = List.of();
    private volatile long memoryBytes;

    /** After that moment others may have the task. */
    private volatile long keptUntil = Long.MAX_VALUE;

    Held(Lease lease) {
        this.lease = lease;
    }

    Lease lease() {
        return lease;
    }

    double fraction() {
        return fraction;
    }

    /** The current thread begins to work on it. */
    void begin(AttemptTime most) {
        time = most;
        begunAt = System.nanoTime();
        movedAt = begunAt;
        thread = Thread.currentThread();
        begun = true;
    }

    /** They are of one claim, itself included: one thread works on one after another. */
    void isOneOf(List<Held> together) {
        batch = together;
    }

    /** Those of its claim, itself included; empty where it came alone. */
    List<Held> batch() {
        return batch;
    }

    /** What the largest task of its claim needs, in bytes: they run one after another. */
    void needs(long bytes) {
        memoryBytes = bytes;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    /** The thread that works on it. */
    Optional<Thread> worksOn() {
        return Optional.ofNullable(thread);
    }

    /** The work is over, whatever came of it; its lease is kept until that is handed in. */
    void end() {
        thread = null;
        time = AttemptTime.UNLIMITED;
    }

    boolean isBegun() {
        return begun;
    }

    /** The task is to be given back at its next step. */
    void stop() {
        stop = true;
    }

    boolean isStopped() {
        return stop;
    }

    /** Another worker may have the task by now: whatever comes out here does not count. */
    void lose() {
        lost = true;
        stop = true;
    }

    boolean isLost() {
        return lost;
    }

    /** Whether it stopped by itself, since the store was not reached for most of its lease. */
    boolean ranOut() {
        return ranOut;
    }

    /** The task hangs and was ended for the store: whatever its thread does yet is nobody's business. */
    void abandon() {
        abandoned = true;
        lose();
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** The device failed: what comes out here is not to be handed in, and the task goes back. */
    void distrust() {
        distrusted = true;
        stop = true;
    }

    boolean isDistrusted() {
        return distrusted;
    }

    /** Nobody else has the task until {@code nanoTime}, by {@link System#nanoTime}. */
    void keepUntil(long nanoTime) {
        keptUntil = nanoTime;
    }

    /** Why this attempt must end by now: it takes too long. */
    Optional<String> overdue() {
        AttemptTime most = time;
        long now = System.nanoTime();
        return thread == null ? Optional.empty() : most.exceeded(now - begunAt, now - movedAt);
    }

    /** Whether a thread works on it. */
    boolean isRunning() {
        return thread != null;
    }

    /** Whether it takes too long by {@code more} than that. */
    boolean isOverdueFor(Duration more) {
        AttemptTime most = time;
        long now = System.nanoTime() - more.toNanos();
        return thread != null && most.exceeded(now - begunAt, now - movedAt).isPresent();
    }

    /** Wakes the task where it waits for something. */
    void interrupt() {
        Thread working = thread;
        if (working != null) {
            working.interrupt();
        }
    }

    @Override
    public void at(double done) {
        if (!stop && keptUntil != Long.MAX_VALUE && System.nanoTime() - keptUntil > 0) {
            ranOut = true;
            lose();
        }
        if (stop) {
            throw new CancellationException(lost ? "the lease was lost" : "the worker stops");
        }
        overdue().ifPresent(why -> {
            throw new TimeLimitException(why);
        });
        if (done > fraction) {
            movedAt = System.nanoTime();
        }
        fraction = done;
    }

    @Override
    public void says(String line) {
        say("info", line);
    }

    void say(String level, String line) {
        synchronized (lines) {
            if (lines.size() < MOST_LINES) {
                lines.add(new AttemptLogs.Said(level, line));
            }
        }
    }

    /** What a heartbeat has to tell; {@link #told} once the store has heard it. */
    Heartbeats.Sign sign() {
        synchronized (lines) {
            double now = Math.min(1, Math.max(0, fraction));
            boolean isBegun = begun;
            // While it waits for its turn nothing can be expected of it.
            boolean moved = !isBegun || !toldBegun || now > toldFraction;
            return new Heartbeats.Sign(lease.taskId(), lease.token(), isBegun, now, moved, lines);
        }
    }

    void told(Heartbeats.Sign sign) {
        synchronized (lines) {
            toldFraction = sign.progress();
            toldBegun = sign.begun();
            lines.removeIf(among(sign.lines())::contains);
        }
    }

    /** These very lines, whatever others say the same. */
    static Set<AttemptLogs.Said> among(List<AttemptLogs.Said> lines) {
        Set<AttemptLogs.Said> these = Collections.newSetFromMap(new IdentityHashMap<>());
        these.addAll(lines);
        return these;
    }
}
