package org.basinlab.api;

import java.sql.SQLException;
import java.util.stream.Stream;

/** Tells a store that is out of reach, and may soon be back, from one that refuses what it is asked. */
final class StoreOutage {

    /** For the header Retry-After: a PostgreSQL that was restarted answers again after a few seconds. */
    static final int RETRY_SECONDS = 5;

    private StoreOutage() {}

    /** Whether the store could not be reached, or went away, anywhere among the causes of {@code fault}. */
    static boolean caused(Throwable fault) {
        return Stream.iterate(fault, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof SQLException refused && isOutage(refused));
    }

    /**
     * Class 08 is the connection, 57P the server's going down or coming up, 53300 too many connections; the pool gives no state
     * to its time-out.
     */
    private static boolean isOutage(SQLException fault) {
        String state = fault.getSQLState();
        if (state == null) {
            return String.valueOf(fault.getMessage()).contains("cquisition timeout");
        }
        return state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
    }
}
