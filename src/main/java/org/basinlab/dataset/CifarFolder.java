package org.basinlab.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;

/** A folder with the six batches, each as {@code .bin} or {@code .bin.gz}; the unpacked one is read where both lie. */
record CifarFolder(Path path) implements CifarSource {

    private static final String PACKED = ".gz";
    private static final int BUFFER = 1 << 16;

    boolean holdsAnyBatch() {
        return CifarLayout.FILES.stream().anyMatch(name -> find(name).isPresent());
    }

    @Override
    public Optional<String> lacks() {
        List<String> missing =
                CifarLayout.FILES.stream().filter(name -> find(name).isEmpty()).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("%s must hold all six batches of cifar10, each as .bin or .bin.gz: missing %s"
                        .formatted(path, String.join(", ", missing)));
    }

    /** Files are unpacked side by side; of several faults the one of the first file is told. */
    @Override
    public CifarRecords read(CifarLayout layout) {
        lacks().ifPresent(message -> {
            throw new DatasetException(message);
        });
        CifarRecords records = new CifarRecords(layout);
        BatchReader reader = new BatchReader(layout);
        List<Callable<Optional<DatasetException>>> readings = new ArrayList<>();
        for (int file = 0; file < CifarLayout.FILES.size(); file++) {
            int index = file;
            readings.add(() -> read(index, reader, records));
        }
        for (Optional<DatasetException> fault : together(readings)) {
            if (fault.isPresent()) {
                throw fault.get();
            }
        }
        return records;
    }

    /**
     * Runs the readings on threads of their own. The common pool would not do: a thread of it that waits for its part
     * takes up other work, and if that asks for the same data set it waits for itself.
     */
    private <T> List<T> together(List<Callable<T>> readings) {
        int threads = Math.min(readings.size(), Runtime.getRuntime().availableProcessors());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> reading : pool.invokeAll(readings)) {
                results.add(reading.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatasetException("%s must be read to its end: reading was interrupted".formatted(path), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading %s failed".formatted(path), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private Optional<DatasetException> read(int file, BatchReader reader, CifarRecords records) {
        Path batch = find(CifarLayout.FILES.get(file)).orElseThrow();
        try {
            if (!batch.toString().endsWith(PACKED) && Files.isRegularFile(batch)) {
                reader.requireSize(batch.toString(), Files.size(batch));
            }
            reader.read(batch.toString(), () -> open(batch), records, file);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(BatchReader.unreadable(batch.toString(), e));
        } catch (DatasetException e) {
            return Optional.of(e);
        }
    }

    private static InputStream open(Path batch) throws IOException {
        InputStream file = Files.newInputStream(batch);
        if (!batch.toString().endsWith(PACKED)) {
            return file;
        }
        try {
            return new GZIPInputStream(file, BUFFER);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private Optional<Path> find(String name) {
        Path unpacked = path.resolve(name);
        Path packed = path.resolve(name + PACKED);
        if (Files.exists(unpacked)) {
            return Optional.of(unpacked);
        }
        return Files.exists(packed) ? Optional.of(packed) : Optional.empty();
    }
}
