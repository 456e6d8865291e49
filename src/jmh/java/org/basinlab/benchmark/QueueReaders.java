package org.basinlab.benchmark;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** Readers that ask the heaviest questions of {@code results}, one after another without a pause, as {@code basinlab_reader}. */
final class QueueReaders implements AutoCloseable {

    /** A whole table, lineage to the leaves, outcomes of every image against each other, and the attempts of all tasks. */
    private static final List<String> QUERIES = List.of("""
            SELECT scheme, stage, group_size, metric, space, at, split, avg(value), stddev_samp(value), count(*)
              FROM results.metrics
             GROUP BY scheme, stage, group_size, metric, space, at, split
            """, """
            SELECT n.scheme, n.group_size, count(*), count(DISTINCT l.ancestor_id)
              FROM results.networks n
              JOIN results.lineage l ON l.network_id = n.id AND l.is_leaf
             GROUP BY n.scheme, n.group_size
            """, """
            SELECT metric, at, avg(bit_count(correct)), count(*)
              FROM results.outcomes
             GROUP BY metric, at
            """, """
            SELECT study, kind, state, kernel, count(*), sum(attempts), percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds)
              FROM results.tasks
             GROUP BY study, kind, state, kernel
            """);

    private final DataSource database;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicReference<SQLException> fault = new AtomicReference<>();
    private volatile boolean stopping;

    QueueReaders(DataSource database, int readers) {
        this.database = database;
        for (int i = 0; i < readers; i++) {
            int first = i;
            Thread thread = new Thread(() -> read(first), "reader-" + i);
            thread.start();
            threads.add(thread);
        }
    }

    private void read(int first) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE basinlab_reader");
            for (int i = first; !stopping; i++) {
                try (ResultSet rows = statement.executeQuery(QUERIES.get(i % QUERIES.size()))) {
                    while (rows.next() && !stopping) {
                        rows.getObject(1);
                    }
                }
                answers.incrementAndGet();
            }
            statement.execute("RESET ROLE");
        } catch (SQLException e) {
            fault.compareAndSet(null, e);
        }
    }

    int answers() {
        return answers.get();
    }

    /** @throws IllegalStateException if one of them failed: the rate was not measured beside four readers then */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (fault.get() != null) {
            throw new IllegalStateException("a reader must go on until it is stopped: " + fault.get().getMessage(), fault.get());
        }
    }
}
