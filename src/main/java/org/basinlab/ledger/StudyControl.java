package org.basinlab.ledger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;

/** Steers studies that are in the store: each call is one transaction and one row of the audit. */
@ApplicationScoped
public class StudyControl {

    /** Nothing more of it starts; what runs goes on to its end. */
    @Transactional
    public Controlled pause(UUID study, String actor) {
        throw new UnsupportedOperationException();
    }

    /** What waits may start again. */
    @Transactional
    public Controlled resume(UUID study, String actor) {
        throw new UnsupportedOperationException();
    }

    /** Takes everything of it out of the queue; whoever runs a task of it learns so at the next heartbeat. */
    @Transactional
    public Controlled cancel(UUID study, String actor) {
        throw new UnsupportedOperationException();
    }

    /** Starts the next generation of what failed in a study, or of one failed task, and of what it blocked. */
    @Transactional
    public Controlled retry(UUID studyOrTask, String actor) {
        throw new UnsupportedOperationException();
    }

    /** Puts a study before those of lower priority, [-100, 100]. */
    @Transactional
    public Controlled prioritise(UUID study, int priority, String actor) {
        throw new UnsupportedOperationException();
    }

    /** Bounds how many tasks of a study run at a time; no bound where absent. */
    @Transactional
    public Controlled limit(UUID study, Optional<Integer> maxRunning, String actor) {
        throw new UnsupportedOperationException();
    }
}
