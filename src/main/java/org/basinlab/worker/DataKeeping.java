package org.basinlab.worker;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.basinlab.dataset.Dataset;
import org.basinlab.dataset.DatasetException;
import org.basinlab.dispatch.DataUnavailableException;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.StoredData;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import org.jboss.logging.Logger;

/**
 * The data sets of this machine on their way into the store, and those of the store on their way to this machine. What is
 * built in every machine paints for itself.
 */
@ApplicationScoped
class DataKeeping {

    private static final Logger LOG = Logger.getLogger(DataKeeping.class);

    /** Between two tries to bring a data set, by whose end another program may have brought it. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final StoredData stored;
    private final Duration pause;
    private final Set<String> kept = new HashSet<>();

    /** When the last try began, on the clock of {@link System#nanoTime}. */
    private final Map<String, Long> tried = new HashMap<>();

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    @Inject
    DataKeeping(StoredData stored) {
        this(stored, PAUSE);
    }

    DataKeeping(StoredData stored, Duration pause) {
        this.stored = stored;
        this.pause = pause;
    }

    /**
     * Brings the records into the store, unless they are there: in a thread of its own, one at a time for a data set. What
     * failed, or was in other hands, is tried again when somebody asks after a pause.
     */
    synchronized void keep(Dataset data) {
        if (data.name() == KnownDataset.SYNTHETIC_SHAPES || stopping || kept.contains(data.digest())) {
            return;
        }
        threads.removeIf(thread -> !thread.isAlive());
        String name = "keep-" + data.digest();
        Long before = tried.get(data.digest());
        boolean tooEarly = before != null && System.nanoTime() - before < pause.toNanos();
        if (tooEarly || threads.stream().anyMatch(thread -> thread.getName().equals(name))) {
            return;
        }
        tried.put(data.digest(), System.nanoTime());
        Thread thread = new Thread(() -> store(data), name);
        thread.setDaemon(true);
        thread.setContextClassLoader(DataKeeping.class.getClassLoader());
        thread.start();
        threads.add(thread);
    }

    private void store(Dataset data) {
        try {
            boolean added =
                    stored.store(data.digest(), data.records(Split.TRAIN), data.records(Split.TEST), () -> stopping);
            if (added) {
                LOG.infof("data set %s (%s) is in the store", data.name().label(), data.digest());
            }
            if (added || stored.has(data.digest())) {
                markKept(data.digest());
            }
        } catch (CancellationException e) {
            LOG.warnf(
                    "data set %s is not in the store yet, the program ended before: it comes with the next that reads it",
                    data.name().label());
        } catch (RuntimeException e) {
            LOG.warnf(
                    "data set %s is not kept in the store, where machines without it would read it: %s",
                    data.name().label(), e.getMessage());
        }
    }

    private synchronized void markKept(String digest) {
        kept.add(digest);
    }

    /** How much is still to come into the store with these data. */
    long bytesToCome(Dataset data) {
        if (data.name() == KnownDataset.SYNTHETIC_SHAPES || stored.has(data.digest())) {
            return 0;
        }
        return (long) data.records(Split.TRAIN).remaining()
                + data.records(Split.TEST).remaining();
    }

    /** The digest of what a machine without the data would read: what is pinned, or the best that is stored of that name. */
    Optional<String> digest(DatasetRef reference) {
        return reference.digest().or(() -> stored.find(reference.name()));
    }

    /**
     * The data set of this digest out of the store, verified.
     *
     * @throws DataUnavailableException if it is damaged there
     */
    Optional<Dataset> read(String digest) {
        try {
            return stored.read(digest).map(records -> dataset(digest, records));
        } catch (CheckpointException | DatasetException e) {
            throw new DataUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Dataset dataset(String digest, StoredData.Records records) {
        LOG.infof("data set %s (%s) was read from the store", records.name().label(), digest);
        return Dataset.ofRecords(
                records.name(), digest, records.official(), "the store", records.train(), records.test());
    }

    /** Returns when nothing is on its way into the store any more. */
    void awaitAll() throws InterruptedException {
        List<Thread> running;
        synchronized (this) {
            running = List.copyOf(threads);
        }
        for (Thread thread : running) {
            thread.join();
        }
    }

    /** Before the store is taken down: what is not whole by then leaves nothing. */
    void stopWithProcess(@Observes ShutdownEvent event) {
        stopping = true;
        try {
            awaitAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
