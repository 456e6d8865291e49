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
import org.jspecify.annotations.Nullable;

/**
 * Tells everybody who listens to a study what is new in it: one thread looks for all of them, as long as there are any.
 *
 * <p>It looks at a study when the store says that it changed, and every {@link #BETWEEN_LOOKS} by itself; looking takes at most a
 * fifth of its time, however large the studies are.
 */
@ApplicationScoped
class StudyFeeds {

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
        try (Listener.Watch watch = signals.watch(changed::offer)) {
            while (!isOver()) {
                Set<UUID> news = await();
                long began = System.nanoTime();
                listeners.removeIf(listener -> !listener.look(news.contains(listener.study()), BETWEEN_LOOKS));
                Duration took = Duration.ofNanos(System.nanoTime() - began).multipliedBy(SHARE_OF_LOOKING);
                Duration pause = took.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : took;
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
