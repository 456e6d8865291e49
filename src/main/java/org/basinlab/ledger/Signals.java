package org.basinlab.ledger;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells other processes that something changed, once the transaction of the caller is committed; many within a moment are one.
 * Nobody may rely on it: who waits for work or news looks by itself from time to time.
 */
@ApplicationScoped
public class Signals {

    /** Channel on which idle workers listen; its payload is the sender's worker id, or another id of the process. */
    public static final String WORK = "basinlab_work";

    /** Channel for whoever shows studies; its payload is the study's id. */
    public static final String STUDY = "basinlab_study";

    private static final Logger LOG = Logger.getLogger(Signals.class);

    /** Between two messages of one process: the store handles them one after another for all its sessions. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A process that has not been heard of for so long hears nothing either. */
    private static final String SEND_WORK = """
            SELECT pg_notify('basinlab_work', ?)
             WHERE EXISTS (
                   SELECT
                     FROM ledger.worker
                    WHERE idle_since IS NOT NULL
                      AND stopped_at IS NULL
                      AND id <> ?
                      AND seen_at > clock_timestamp() - interval '1 minute')
            """;

    private static final String SEND_STUDIES = """
            SELECT pg_notify('basinlab_study', CAST(id AS text))
              FROM unnest(?) AS changed (id)
            """;

    private final TransactionSynchronizationRegistry transactions;
    private final ReservedConnection connection;
    private final List<Runnable> here = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();

    private Changes unsent = new Changes();
    private @Nullable Thread sender;
    private boolean ended;
    private volatile UUID self = UUID.randomUUID();

    Signals(TransactionSynchronizationRegistry transactions, ReservedConnections connections) {
        this.transactions = transactions;
        this.connection = connections.reserve("signals", PATIENCE);
    }

    /** There is something to take. */
    public void work() {
        change(changes -> changes.work = true);
    }

    /** Something of this study changed: a state, progress, a log. */
    public void study(UUID study) {
        change(changes -> changes.studies.add(study));
    }

    /** Calls this at once, in the thread that commits, whenever this process itself has made something to take. */
    public void whenWorkComesFromHere(Runnable listener) {
        here.add(listener);
    }

    /** Under this name it sends from now on; who listens in the same process knows its own messages by it. */
    public void sendAs(UUID worker) {
        self = worker;
    }

    public UUID self() {
        return self;
    }

    private void change(Consumer<Changes> what) {
        if (transactions.getTransactionStatus() == Status.STATUS_ACTIVE) {
            what.accept(ofTransaction());
        } else {
            Changes now = new Changes();
            what.accept(now);
            send(now);
        }
    }

    /** What the current transaction has to say, once it is committed. */
    private Changes ofTransaction() {
        if (transactions.getResource(Signals.class) instanceof Changes known) {
            return known;
        }
        Changes changes = new Changes();
        transactions.putResource(Signals.class, changes);
        transactions.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                // There may be more to say by the end of it.
            }

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) {
                    send(changes);
                }
            }
        });
        return changes;
    }

    private void send(Changes changes) {
        if (changes.work) {
            here.forEach(Runnable::run);
        }
        synchronized (lock) {
            if (ended) {
                return;
            }
            unsent.add(changes);
            if (sender == null) {
                sender = new Thread(this::sendUntilEnded, "signals");
                sender.setDaemon(true);
                sender.start();
            }
            lock.notifyAll();
        }
    }

    private void sendUntilEnded() {
        try {
            for (Changes next = take(); !next.isEmpty(); next = take()) {
                transmit(next);
                // What comes meanwhile goes together.
                Thread.sleep(MOMENT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }

    /** Waits for something to say; nothing once this has ended and all is said. */
    private Changes take() throws InterruptedException {
        synchronized (lock) {
            while (unsent.isEmpty() && !ended) {
                lock.wait();
            }
            Changes taken = unsent;
            unsent = new Changes();
            return taken;
        }
    }

    private void transmit(Changes changes) {
        try {
            connection.call(open -> {
                if (changes.work) {
                    try (PreparedStatement statement = open.prepareStatement(SEND_WORK)) {
                        statement.setString(1, self.toString());
                        statement.setObject(2, self);
                        statement.execute();
                    }
                }
                if (!changes.studies.isEmpty()) {
                    try (PreparedStatement statement = open.prepareStatement(SEND_STUDIES)) {
                        statement.setArray(1, open.createArrayOf("uuid", changes.studies.toArray()));
                        statement.execute();
                    }
                }
                return changes;
            });
        } catch (IllegalStateException e) {
            LOG.debugf("a signal is lost, which costs time only: %s", e.getMessage());
        }
    }

    @PreDestroy
    void end() {
        Thread last;
        synchronized (lock) {
            ended = true;
            last = sender;
            lock.notifyAll();
        }
        if (last != null) {
            try {
                last.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What there is to say. */
    private static final class Changes {
        private boolean work;
        private final Set<UUID> studies = new HashSet<>();

        boolean isEmpty() {
            return !work && studies.isEmpty();
        }

        void add(Changes others) {
            work |= others.work;
            studies.addAll(others.studies);
        }
    }
}
