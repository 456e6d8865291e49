package org.basinlab.dataset;

import java.nio.file.Path;
import java.util.Optional;

/** A place on disk where a data set lies. */
sealed interface Source permits DataFolder, CifarArchive {

    /** The folder or archive, for messages and lists. */
    Path path();

    /** Nothing when all files are there as far as that is known without reading them; else what is wrong. */
    Optional<String> lacks();

    /** The room that its files take. */
    long bytes();

    /**
     * Reads and checks all files.
     *
     * @throws DatasetException if a file is missing, of another size, unreadable, or holds what it must not
     */
    Records read();
}
