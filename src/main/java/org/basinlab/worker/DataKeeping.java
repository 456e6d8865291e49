package org.basinlab.worker;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

    private final StoredData stored;
    private final Set<String> begun = new HashSet<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    DataKeeping(StoredData stored) {
        this.stored = stored;
    }

    /** Brings the records into the store, unless they are there: in a thread of its own, and once in this program. */
    synchronized void keep(Dataset data) {
        if (data.name() == KnownDataset.SYNTHETIC_SHAPES || stopping || !begun.add(data.digest())) {
            return;
        }
        Thread thread = new Thread(() -> store(data), "keep-" + data.name().label());
        thread.setDaemon(true);
        thread.setContextClassLoader(DataKeeping.class.getClassLoader());
        thread.start();
        threads.add(thread);
    }

    private void store(Dataset data) {
        try {
            boolean added = stored.store(
                    data.digest(), data.records(Split.TRAIN), data.records(Split.TEST), () -> stopping);
            if (added) {
                LOG.infof("data set %s (%s) is in the store", data.name().label(), data.digest());
            }
        } catch (CancellationException e) {
            LOG.debug(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warnf(
                    "data set %s is not kept in the store, where machines without it would read it: %s",
                    data.name().label(), e.getMessage());
        }
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
