package org.basinlab.chaos;

import java.time.Duration;

/** Threads of a run of faults: none keeps the program alive. */
final class Threads {

    private Threads() {}

    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** @throws ChaosException if the run is interrupted */
    static void sleep(Duration time) {
        try {
            Thread.sleep(Math.max(0, time.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosException("the run of faults was interrupted");
        }
    }
}
