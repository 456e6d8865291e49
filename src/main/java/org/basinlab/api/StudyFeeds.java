package org.basinlab.api;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.basinlab.ledger.StudyBell;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells everybody who listens to a study what is new in it: one thread looks for all of them, as long as there are any.
 *
 * <p>It looks when the store says that something changed, and every {@link #LONGEST_WAIT} by itself; looking takes at most a
 * fifth of its time, however large the studies are.
 */
@ApplicationScoped
class StudyFeeds {

    /** Each holds a connection to this server, and what one look found. */
    static final int MOST_LISTENERS = 64;

    private static final Logger LOG = Logger.getLogger(StudyFeeds.class);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final int SHARE_OF_LOOKING = 4;

    private final DataSource database;
    private final Set<StudyListener> listeners = ConcurrentHashMap.newKeySet();
    private boolean running;
    private volatile boolean stopping;

    StudyFeeds(DataSource database) {
        this.database = database;
    }

    /** Whether there was room for one more. */
    synchronized boolean add(StudyListener listener) {
        if (stopping || listeners.size() >= MOST_LISTENERS) {
            return false;
        }
        listeners.add(listener);
        if (!running) {
            running = true;
            Thread thread = new Thread(this::serve, "study-feeds");
            thread.setDaemon(true);
            thread.setContextClassLoader(StudyFeeds.class.getClassLoader());
            thread.start();
        }
        return true;
    }

    /** The next to listen starts another thread. */
    private synchronized boolean isOver() {
        if (!stopping && !listeners.isEmpty()) {
            return false;
        }
        running = false;
        return true;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        listeners.forEach(StudyListener::close);
    }

    private void serve() {
        Optional<StudyBell> bell = Optional.empty();
        try {
            while (!isOver()) {
                long began = System.nanoTime();
                listeners.removeIf(listener -> !listener.look());
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                bell = await(bell, took.multipliedBy(SHARE_OF_LOOKING));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            bell.ifPresent(StudyBell::close);
        }
    }

    /** Waits as long as looking must not happen, then until something is told; gives the bell for the next time. */
    private Optional<StudyBell> await(Optional<StudyBell> bell, Duration least) throws InterruptedException {
        Thread.sleep(Math.max(SHORTEST_WAIT.toMillis(), Math.min(least.toMillis(), 10 * LONGEST_WAIT.toMillis())));
        @Nullable StudyBell heard = bell.orElse(null);
        try {
            if (heard == null) {
                heard = StudyBell.listen(database);
            }
            heard.await(LONGEST_WAIT);
            return Optional.of(heard);
        } catch (IllegalStateException e) {
            LOG.debugf("nothing is heard of changes: %s", e.getMessage());
            if (heard != null) {
                heard.close();
            }
            Thread.sleep(LONGEST_WAIT.toMillis());
            return Optional.empty();
        }
    }
}
