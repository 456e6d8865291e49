package org.basinlab.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads the files of one place side by side. */
final class SideBySide {

    private SideBySide() {}

    /**
     * Runs the readings on threads of their own. The common pool would not do: a thread of it that waits for its part
     * takes up other work, and if that asks for the same data set it waits for itself.
     *
     * @param where names the place in messages
     * @throws DatasetException of several faults the one of the first reading
     */
    static void read(String where, List<Runnable> readings) {
        int threads = Math.min(readings.size(), Runtime.getRuntime().availableProcessors());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Optional<DatasetException>>> calls = new ArrayList<>();
            readings.forEach(reading -> calls.add(() -> fault(reading)));
            for (Future<Optional<DatasetException>> done : pool.invokeAll(calls)) {
                Optional<DatasetException> fault = done.get();
                if (fault.isPresent()) {
                    throw fault.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatasetException("%s must be read to its end: reading was interrupted".formatted(where), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading %s failed".formatted(where), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static Optional<DatasetException> fault(Runnable reading) {
        try {
            reading.run();
            return Optional.empty();
        } catch (DatasetException e) {
            return Optional.of(e);
        }
    }
}
