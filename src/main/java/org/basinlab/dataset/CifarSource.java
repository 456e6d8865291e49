package org.basinlab.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A place on disk where CIFAR-10 lies. */
sealed interface CifarSource permits CifarFolder, CifarArchive {

    String ARCHIVE = "cifar-10-binary.tar.gz";

    /** Where a place may hold the batches, in the order of the search; the archive comes after these. */
    List<String> FOLDERS = List.of("", "cifar-10-batches-bin", "cifar10");

    /** The folder or archive, for messages and lists. */
    Path path();

    /** Nothing when all six files are there as far as that is known without reading them; else what is wrong. */
    Optional<String> lacks();

    /**
     * Reads and checks all six files.
     *
     * @throws DatasetException if a file is missing, of another size, unreadable, or has a label outside 0–9
     */
    CifarRecords read(CifarLayout layout);

    /** The first place that holds any part of the data set. */
    static Optional<CifarSource> find(List<Path> places) {
        return places.stream().flatMap(place -> findIn(place).stream()).findFirst();
    }

    private static Optional<CifarSource> findIn(Path place) {
        for (String folder : FOLDERS) {
            CifarFolder candidate = new CifarFolder(place.resolve(folder));
            if (candidate.holdsAnyBatch()) {
                return Optional.of(candidate);
            }
        }
        Path archive = place.resolve(ARCHIVE);
        return Files.exists(archive) ? Optional.of(new CifarArchive(archive)) : Optional.empty();
    }
}
