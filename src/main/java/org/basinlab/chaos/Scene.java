package org.basinlab.chaos;

import java.time.Duration;

/**
 * What faults happen to.
 *
 * @param store the database
 * @param processes servers and workers
 * @param submitter where studies are submitted
 * @param look what the database says of all this
 * @param lease how long leases last
 */
record Scene(ChaosStore store, Processes processes, Submitter submitter, Look look, Duration lease) {

    /** A study of a few seconds, which no other seed shares work with. */
    String smallStudy(long seed) {
        return StudyTexts.small().withSeed(seed);
    }
}
