package org.basinlab.dataset;

import java.util.Optional;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;

/**
 * One line of the list of data sets.
 *
 * @param name the data set
 * @param place a folder, an archive, {@code built in} or {@code not found}
 * @param bytes the room that its files take as they lie there; 0 where there are none
 * @param digest when it is known without reading the data
 * @param official whether the digest is known to be the published data's; false while it is not known
 * @param advice what is wrong and what to do about it; empty when the data set can be used
 */
public record Listing(
        KnownDataset name,
        String place,
        long bytes,
        Optional<String> digest,
        boolean official,
        Optional<String> advice) {

    static final String BUILT_IN = "built in";
    static final String NOT_FOUND = "not found";

    /** Whether any file of it was found. */
    public boolean found() {
        return !place.equals(NOT_FOUND);
    }

    public int images(Split split) {
        return name.images(split);
    }

    public int classes() {
        return name.classes();
    }
}
