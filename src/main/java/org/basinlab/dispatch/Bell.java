package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Wakes the idle slots of this process when there may be work: one at a time. Who finds more than it takes rings for the next, so that as many are
 * awake as there is work for, and a single task does not make all of them ask the store.
 */
@ApplicationScoped
public class Bell {

    private static final Logger LOG = Logger.getLogger(Bell.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private final ThreadLocal<Boolean> muted = new ThreadLocal<>();
    private final PriorityQueue<Long> alarms = new PriorityQueue<>();
    private long rings;

    /** The number of rings so far: to be read before looking for work. */
    long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes one who waits, and who looked before this and is about to wait. */
    public void ring() {
        if (muted.get() != null) {
            return;
        }
        lock.lock();
        try {
            rings++;
            rung.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Does this without a ring by this thread, which looks for work itself as soon as it is done. */
    void mute(Runnable work) {
        muted.set(Boolean.TRUE);
        try {
            work.run();
        } finally {
            muted.remove();
        }
    }

    /** Wakes all: the process stops. */
    void ringAll() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Rings once that time has passed. */
    void ringAfter(Duration time) {
        lock.lock();
        try {
            alarms.add(System.nanoTime() + time.toNanos());
            // Who waits has to learn of it.
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it rings for the first time after {@code heard}, or the time is up. */
    void await(long heard, Duration most) throws InterruptedException {
        lock.lock();
        try {
            long end = System.nanoTime() + most.toNanos();
            for (long now = System.nanoTime(); rings == heard && end - now > 0; now = System.nanoTime()) {
                Long alarm = alarms.peek();
                if (alarm == null || alarm - now > 0) {
                    long left = rung.awaitNanos(Math.min(end - now, alarm == null ? end - now : alarm - now));
                    LOG.tracef("%d ns were left", left);
                } else {
                    for (Long due = alarm; due != null && due - now <= 0; due = alarms.peek()) {
                        alarms.remove();
                    }
                    ring();
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
