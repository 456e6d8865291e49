package org.basinlab.ledger;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears what {@link Signals} of any process say, over a connection of its own. To be used by one thread. */
public final class Notices implements AutoCloseable {

    /** Longer than the store takes to answer, and short enough to find out that a connection is dead. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ReservedConnection connection;
    private boolean listening;

    public Notices(ReservedConnections connections) {
        this.connection = connections.reserve("listener", PATIENCE);
    }

    /** One message. */
    public record Notice(String channel, String payload) {}

    /**
     * Begins to listen, if it does not yet.
     *
     * @return whether it did not: what was said before is not heard
     * @throws IllegalStateException if the store does not answer
     */
    public boolean listen() {
        if (listening) {
            return false;
        }
        run("LISTEN %s; LISTEN %s".formatted(Signals.WORK, Signals.STUDY));
        listening = true;
        return true;
    }

    /**
     * Waits for messages; none where the time is up.
     *
     * @throws IllegalStateException if the connection is broken: then {@link #listen} begins anew
     */
    public List<Notice> await(Duration most) {
        try {
            List<Notice> heard = connection.callOnce(open -> read(open.unwrap(PGConnection.class), most));
            if (heard.isEmpty()) {
                // A dead connection is as silent as one on which nothing is said.
                run("SELECT 1");
            }
            return heard;
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    private static List<Notice> read(PGConnection open, Duration most) throws SQLException {
        List<Notice> heard = new ArrayList<>();
        PGNotification[] found = open.getNotifications(Math.max(1, (int) most.toMillis()));
        if (found != null) {
            for (PGNotification one : found) {
                heard.add(new Notice(one.getName(), one.getParameter()));
            }
        }
        return heard;
    }

    private void run(String sql) {
        connection.callOnce(open -> {
            try (Statement statement = open.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    @Override
    public void close() {
        listening = false;
        connection.close();
    }
}
