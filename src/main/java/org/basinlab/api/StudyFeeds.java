package org.basinlab.api;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.basinlab.dispatch.Listener;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells everybody who listens to a study what is new in it: one thread looks for all of them, as long as there are any.
 *
 * <p>It looks at a study when the store says that it changed, and every {@link #BETWEEN_LOOKS} by itself; looking takes at most a
 * fifth of its time, however large the studies are.
 */
@ApplicationScoped
class StudyFeeds {

    private static final Logger LOG = Logger.getLogger(StudyFeeds.class);

    /** Each holds a connection to this server, and what one look found. */
    static final int MOST_LISTENERS = 64;

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);

    private static final int SHARE_OF_LOOKING = 4;

    private final Listener signals;
    private final Set<StudyListener> listeners = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<UUID> changed = new LinkedBlockingQueue<>(1_000);
    private boolean running;
    private volatile boolean stopping;

    StudyFeeds(Listener signals) {
        this.signals = signals;
    }

    /** Whether there was room for one more. */
    synchronized boolean add(StudyListener listener) {
        if (stopping || listeners.size() >= MOST_LISTENERS) {
            return false;
        }
        listeners.add(listener);
        changed.offer(listener.study());
        if (!running) {
            running = true;
            Thread thread = new Thread(this::serve, "study-feeds");
            thread.setDaemon(true);
            thread.setContextClassLoader(StudyFeeds.class.getClassLoader());
            thread.start();
        }
        return true;
    }

    int listeners() {
        return listeners.size();
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        listeners.forEach(StudyListener::close);
    }

    /** The next to listen starts another thread. */
    private synchronized boolean isOver() {
        if (!stopping && !listeners.isEmpty()) {
            return false;
        }
        running = false;
        return true;
    }

    /** What finds no room is found by the look that comes anyway. */
    private void serve() {
        Listener.Watch watch = signals.watch(changed::offer);
        boolean over = false;
        try {
            while (!isOver()) {
                lookOnce();
            }
            over = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watch.close();
            if (!over) {
                breakOff();
            }
        }
    }

    private void lookOnce() throws InterruptedException {
        Set<UUID> news = await();
        long began = System.nanoTime();
        listeners.removeIf(listener -> !look(listener, news.contains(listener.study())));
        Duration took = Duration.ofNanos(System.nanoTime() - began).multipliedBy(SHARE_OF_LOOKING);
        Duration pause = took.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : took;
        Thread.sleep(pause.toMillis());
    }

    /** What goes wrong with one is no reason to tell the others nothing: it is disconnected, and connects again. */
    private static boolean look(StudyListener listener, boolean changed) {
        try {
            return listener.look(changed, BETWEEN_LOOKS);
        } catch (RuntimeException e) {
            LOG.errorf(e, "somebody who listens to study %s cannot be told what is new", listener.study());
            listener.close();
            return false;
        }
    }

    /** Nobody looks any more: who listened connects again, and the next to listen starts another thread. */
    private synchronized void breakOff() {
        running = false;
        listeners.forEach(StudyListener::close);
        listeners.clear();
    }

    private Set<UUID> await() throws InterruptedException {
        Set<UUID> news = new HashSet<>();
        @Nullable UUID first = changed.poll(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            news.add(first);
            changed.drainTo(news);
        }
        return news;
    }
}
