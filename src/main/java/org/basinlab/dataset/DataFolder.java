package org.basinlab.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder with the files of a data set, each plain or as {@code .gz}; the plain one is read where both lie. */
record DataFolder(Path path, Form form) implements Source {

    boolean holdsAnyFile() {
        return form.files().stream().anyMatch(file -> form.find(file, path).isPresent());
    }

    @Override
    public Optional<String> lacks() {
        List<String> missing = form.files().stream()
                .filter(file -> form.find(file, path).isEmpty())
                .map(DataFile::name)
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("%s must hold %s: missing %s".formatted(path, form.whole(), String.join(", ", missing)));
    }

    @Override
    public long bytes() {
        return form.files().stream()
                .flatMap(file -> form.find(file, path).stream())
                .mapToLong(DataFile::bytes)
                .sum();
    }

    /** Files are unpacked side by side; of several faults the one of the first file is told. */
    @Override
    public Records read() {
        lacks().ifPresent(message -> {
            throw new DatasetException(message);
        });
        Records records = form.records();
        List<Runnable> readings = new ArrayList<>();
        for (int file = 0; file < form.files().size(); file++) {
            int index = file;
            Path found = form.find(form.files().get(file), path).orElseThrow();
            readings.add(() -> form.read(index, found, records));
        }
        SideBySide.read(path.toString(), readings);
        return records;
    }
}
