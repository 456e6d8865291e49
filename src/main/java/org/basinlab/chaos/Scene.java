package org.basinlab.chaos;

import java.time.Duration;

/**
 * What faults happen to.
 *
 * @param store the database
 * @param fleet servers and workers
 * @param desk where studies are submitted
 * @param look what the database says of all this
 * @param lease how long leases last
 */
record Scene(ChaosStore store, Fleet fleet, Desk desk, Look look, Duration lease) {

    /** A study of a few seconds, which no other seed shares work with. */
    String smallStudy(long seed) {
        return StudyTexts.small().withSeed(seed);
    }
}
