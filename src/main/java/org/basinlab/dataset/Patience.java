package org.basinlab.dataset;

import java.time.Duration;

/**
 * How long a download is tried for.
 *
 * @param tries of one file, at least 1
 * @param backoff the wait after the first failure; it doubles with each
 * @param silence how long a server may send nothing
 */
record Patience(int tries, Duration backoff, Duration silence) {

    static final Patience USUAL = new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(60));

    void waitAfter(int failures) throws InterruptedException {
        Thread.sleep(backoff.multipliedBy(1L << (failures - 1)).toMillis());
    }
}
