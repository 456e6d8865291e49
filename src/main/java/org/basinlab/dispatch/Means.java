package org.basinlab.dispatch;

import jakarta.inject.Singleton;
import org.basinlab.ledger.Claims;
import org.basinlab.ledger.Heartbeats;
import org.basinlab.ledger.Signals;
import org.basinlab.ledger.Workers;

/** What the slots of a process work with. */
@Singleton
record Means(
        Workers workers,
        Claims claims,
        Heartbeats heartbeats,
        Signals signals,
        Attempting attempting,
        HandIn handIn,
        ResultBuffer buffer,
        DiskRoom room,
        RetryBudget budget,
        Listener listener,
        Bell bell,
        DispatchConfig config) {}
