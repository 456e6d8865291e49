package org.basinlab.cli;

import java.util.Optional;

/** A store without its tables. Migrations belong to the server: it is started once and ended at once. */
final class FreshStore {

    private FreshStore() {}

    static void prepare(SharedOptions shared) {
        // It would be ended in the middle of its first act.
        System.setProperty("quarkus.scheduler.enabled", "false");
        int code = new Launch(shared, 0, Optional.empty(), Optional.empty()).start(PrepareApplication.class);
        if (code != ExitCode.DONE) {
            throw new UnusableException("the store must take its tables, the server ended with " + code);
        }
    }
}
