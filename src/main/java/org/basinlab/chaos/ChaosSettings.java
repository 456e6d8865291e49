package org.basinlab.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run of faults is asked for.
 *
 * @param seed the same seed gives the same faults in the same order
 * @param minutes how long faults are injected; the end of the work and the undisturbed run come after that
 * @param workers processes of one slot each
 * @param leaseSeconds how long leases last; a heartbeat comes three times as often. 30 is what ships
 * @param study text of the study that is run under faults
 * @param only scenarios, or places of killed-at-point, each of which then comes once, whatever the time; empty for all
 * @param folder temporary, for the store and what the processes say
 * @param program the command that starts this program
 */
public record ChaosSettings(
        long seed,
        double minutes,
        int workers,
        int leaseSeconds,
        Optional<String> study,
        Set<String> only,
        Path folder,
        List<String> program) {

    /** What ships: the lease of basinlab.dispatch. */
    public static final int SHIPPED_LEASE_SECONDS = 30;

    private static final double MOST_MINUTES = 7 * 24 * 60;

    private static final int MOST_WORKERS = 64;

    /** Below that there is time for a few faults only. */
    private static final double SHORT_MINUTES = 3;

    /** Shares of shorter runs are noise. */
    private static final double MEASURED_MINUTES = 5;

    public ChaosSettings {
        program = List.copyOf(program);
        only = Set.copyOf(only);
        if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw new IllegalArgumentException(
                    "--minutes must lie above 0 and be at most %.0f, was %s".formatted(MOST_MINUTES, minutes));
        }
        if (workers < 2 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "--workers must lie in [2, %d], was %d: one is hit, others go on".formatted(MOST_WORKERS, workers));
        }
        if (leaseSeconds < 3 || leaseSeconds > SHIPPED_LEASE_SECONDS) {
            throw new IllegalArgumentException(
                    "--lease must lie in [3, %d] seconds, was %d".formatted(SHIPPED_LEASE_SECONDS, leaseSeconds));
        }
    }

    boolean isShort() {
        return only.isEmpty() && minutes < SHORT_MINUTES;
    }

    /** Whether the run is long enough to hold a throughput against anything. */
    boolean isMeasured() {
        return minutes >= MEASURED_MINUTES;
    }

    /** One is enough where none is killed. */
    int servers() {
        return isShort() ? 1 : 2;
    }
}
