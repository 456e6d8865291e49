package org.basinlab.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder with four IDX files, each plain or as {@code .gz}; the plain one is read where both lie. */
record IdxFolder(Path path, IdxLayout layout) implements Source {

    boolean holdsAnyFile() {
        return layout.files().stream()
                .anyMatch(file -> IdxLayout.find(file, path).isPresent());
    }

    @Override
    public Optional<String> lacks() {
        List<String> missing = layout.files().stream()
                .filter(file -> IdxLayout.find(file, path).isEmpty())
                .map(DataFile::name)
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("%s must hold the four files of %s, each plain or as .gz: missing %s"
                        .formatted(path, layout.name().label(), String.join(", ", missing)));
    }

    @Override
    public long bytes() {
        return layout.files().stream()
                .flatMap(file -> IdxLayout.find(file, path).stream())
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
        Path file = IdxLayout.find(layout.files().get(index), path).orElseThrow();
        IdxReader reader = new IdxReader(layout, index, file.toString());
        reader.read(() -> DataFile.open(file), records);
    }
}
