package org.basinlab.dispatch;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.basinlab.ledger.Notices;
import org.basinlab.ledger.ReservedConnections;
import org.basinlab.ledger.Signals;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hears what other processes on the same store say: rings the bell for work, and passes on what changes in studies. */
@ApplicationScoped
public class Listener {

    private static final Logger LOG = Logger.getLogger(Listener.class);

    /** How long it waits on the connection before it makes sure that it is not dead. */
    private static final Duration BETWEEN_PROBES = Duration.ofSeconds(10);

    private final Notices notices;
    private final Signals signals;
    private final Bell bell;
    private final RetryBudget budget;
    private final List<Consumer<UUID>> watchers = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread;
    private volatile boolean ended;
    private volatile boolean listening;

    Listener(ReservedConnections connections, Signals signals, Bell bell, RetryBudget budget) {
        this.notices = new Notices(connections);
        this.signals = signals;
        this.bell = bell;
        this.budget = budget;
    }

    /** Begins to listen; nothing happens where it does already. */
    public synchronized void start() {
        if (thread == null && !ended) {
            signals.whenWorkComesFromHere(bell::ring);
            Thread listening = new Thread(this::listen, "listener");
            listening.setDaemon(true);
            listening.start();
            thread = listening;
        }
    }

    /** Whether it hears what is said; while it does not, nothing is missed that a look now and then would not find. */
    public boolean isListening() {
        return listening;
    }

    /**
     * Calls {@code watcher} with the id of each study in which something changed, in a thread that it must not hold up; several changes
     * within a moment are one.
     *
     * @return ends that
     */
    public Watch watch(Consumer<UUID> watcher) {
        watchers.add(watcher);
        start();
        return () -> watchers.remove(watcher);
    }

    /** Ends what {@link #watch} began. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    private void listen() {
        for (int failures = 0; !ended; ) {
            try {
                if (notices.listen()) {
                    listening = true;
                    // What was said while nobody listened.
                    bell.ring();
                }
                notices.await(BETWEEN_PROBES).forEach(this::pass);
                failures = 0;
            } catch (RuntimeException e) {
                listening = false;
                failures++;
                LOG.debugf("nothing is heard, again in a moment: %s", e.getMessage());
                pause(budget.turn(failures));
            }
        }
        notices.close();
    }

    private void pass(Notices.Notice notice) {
        if (notice.channel().equals(Signals.WORK)) {
            // Its own it knows already.
            if (!notice.payload().equals(signals.self().toString())) {
                bell.ring();
            }
            return;
        }
        try {
            UUID study = UUID.fromString(notice.payload());
            watchers.forEach(watcher -> watcher.accept(study));
        } catch (RuntimeException e) {
            LOG.debugf("a message is passed over: %s", e.getMessage());
        }
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            ended = true;
            Thread.currentThread().interrupt();
        }
    }

    @PreDestroy
    synchronized void end() {
        ended = true;
        // The thread may wait for messages for seconds yet: it is a daemon, and its connection ends with the process.
        if (thread != null) {
            thread.interrupt();
        }
    }
}
