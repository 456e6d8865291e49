package org.basinlab.ledger;

import java.util.Locale;

/** What a process that takes tasks is about. */
public enum WorkerState {
    ACTIVE,
    /** It ends: it takes no more tasks and gives back what it has. */
    DRAINING,
    /** Its device failed: it takes no more tasks. */
    CORDONED,
    STOPPED;

    /** Its name in SQL. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
