package org.basinlab.cli;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.StudyControl;
import org.jspecify.annotations.Nullable;

/** Something to be done with the parts of a server, which is started for it without slots or pages and ended at once. */
@FunctionalInterface
interface Errand<T> {

    T run(Parts parts);

    /** What there is to do it with. */
    record Parts(StudyControl control, Intake intake, DataCatalogue data, DataSource database) {}

    /** Does it on the store of these options, which gets its tables if it has none. */
    static <T> T run(SharedOptions shared, Errand<T> errand) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        Errand<Boolean> kept = parts -> {
            result.set(errand.run(parts));
            return true;
        };
        Pending.CURRENT.set(kept);
        // Nothing that waits for time is wanted here.
        System.setProperty("quarkus.scheduler.enabled", "false");
        int code = new Launch(shared, 0, Optional.empty(), Optional.empty()).start(ErrandApplication.class);
        T found = result.get();
        if (found == null) {
            throw new UnusableException("the store must take what was asked, the server ended with " + code);
        }
        return found;
    }

    /** What the server that is being started is there for. */
    final class Pending {

        static final AtomicReference<@Nullable Errand<?>> CURRENT = new AtomicReference<>();

        private Pending() {}
    }
}
