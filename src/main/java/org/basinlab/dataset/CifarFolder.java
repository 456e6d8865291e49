package org.basinlab.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder with the files, each as {@code .bin} or {@code .bin.gz}; the unpacked one is read where both lie. */
record CifarFolder(Path path, CifarLayout layout) implements Source {

    boolean holdsAnyFile() {
        return layout.files().stream().anyMatch(file -> file.find(path).isPresent());
    }

    @Override
    public Optional<String> lacks() {
        List<String> missing = layout.files().stream()
                .filter(file -> file.find(path).isEmpty())
                .map(DataFile::name)
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("%s must hold %s, each as .bin or .bin.gz: missing %s"
                        .formatted(path, layout.everyFile(), String.join(", ", missing)));
    }

    @Override
    public long bytes() {
        return layout.files().stream()
                .flatMap(file -> file.find(path).stream())
                .mapToLong(DataFile::bytes)
                .sum();
    }

    /** Files are unpacked side by side; of several faults the one of the first file is told. */
    @Override
    public Records read() {
        lacks().ifPresent(message -> {
            throw new DatasetException(message);
        });
        Records records = layout.records();
        List<Runnable> readings = new ArrayList<>();
        for (int file = 0; file < layout.files().size(); file++) {
            int index = file;
            readings.add(() -> read(index, records));
        }
        SideBySide.read(path.toString(), readings);
        return records;
    }

    private void read(int index, Records records) {
        Path file = layout.files().get(index).find(path).orElseThrow();
        BatchReader reader = new BatchReader(layout, index, file.toString());
        try {
            if (!DataFile.isPacked(file) && Files.isRegularFile(file)) {
                reader.requireSize(Files.size(file));
            }
        } catch (IOException e) {
            throw WholeFile.unreadable(file.toString(), e);
        }
        reader.read(() -> DataFile.open(file), records);
    }
}
