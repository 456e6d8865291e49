package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;

/** The one clock of all deadlines and times in the store: workers' clocks may differ. */
@ApplicationScoped
class DatabaseClock {

    private final EntityManager entities;

    DatabaseClock(EntityManager entities) {
        this.entities = entities;
    }

    Instant now() {
        return (Instant) entities.createNativeQuery("SELECT clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    /** When the database came up; before that nobody could send a heartbeat. */
    Instant upSince() {
        return (Instant) entities.createNativeQuery("SELECT pg_postmaster_start_time()", Instant.class)
                .getSingleResult();
    }
}
