package org.basinlab.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.KnownDataset;

/** In which files a data set was published, and where these are looked for. */
sealed interface Form permits CifarLayout, IdxLayout {

    KnownDataset name();

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
