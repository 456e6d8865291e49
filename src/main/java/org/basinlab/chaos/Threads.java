package org.basinlab.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/** Threads of a run of faults: none keeps the program alive. */
final class Threads {

    private Threads() {}

    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Work on a thread of its own whose fault, if it has one, is told to whoever waits for it. */
    static Attempt attempt(String name, Runnable work) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        start(name, () -> {
            try {
                work.run();
                end.complete(true);
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        return new Attempt(end);
    }

    /** Whether it came true within that time, looked at now and then and at least once. */
    static boolean await(Duration most, Duration look, BooleanSupplier condition) {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            sleep(look);
        }
        return true;
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

    /** Something that goes on beside. */
    record Attempt(CompletableFuture<Boolean> end) {

        /** Waits for its end; its fault in one line, or none. */
        List<String> await() {
            try {
                end.get();
                return List.of();
            } catch (ExecutionException e) {
                return List.of(
                        String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ChaosException("the run of faults was interrupted");
            }
        }
    }
}
