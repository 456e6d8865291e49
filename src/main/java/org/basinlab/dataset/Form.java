package org.basinlab.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.KnownDataset;

/** In which files a data set was published, and where these are looked for. */
sealed interface Form permits CifarLayout, IdxLayout {

    KnownDataset name();

    /** Every file, those for training first. */
    List<DataFile> files();

    /** What a folder must hold, for a line that says what is missing. */
    String whole();

    /** Where a file lies in a folder, under any name that it goes by. */
    Optional<Path> find(DataFile file, Path folder);

    /** Room for all records. */
    Records records();

    /**
     * Reads a file that {@link #find} found.
     *
     * @param file its place among {@link #files}
     * @throws DatasetException if it is unreadable, of another size, or holds what it must not
     */
    void read(int file, Path found, Records into);

    /** The first part of this place that holds any file of the data set. */
    Optional<Source> findIn(Path place);

    /** Folders in which the data set lies where a system's package put it; looked in after all places. */
    List<Path> installed();

    /** The files that are looked for, for a line that says that none of them was found. */
    String wanted();

    /** The first place that holds any part of the data set. */
    default Optional<Source> find(List<Path> places) {
        return places.stream()
                .flatMap(place -> findIn(place).stream())
                .findFirst()
                .or(() -> installed().stream()
                        .flatMap(place -> findIn(place).stream())
                        .findFirst());
    }
}
