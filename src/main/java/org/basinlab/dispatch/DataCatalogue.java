package org.basinlab.dispatch;

import org.basinlab.ledger.DataFacts;
import org.basinlab.recipe.DatasetRef;

/** Knows what the data that a study names consists of. */
public interface DataCatalogue {

    /**
     * The facts of this data set, of this machine or, where it has none, of the store; reads it if it was not read yet.
     *
     * @throws DataUnavailableException if it is missing in both, damaged, or not the one that is pinned
     */
    DataFacts facts(DatasetRef reference);

    /**
     * Sees to it that the store has the data as well, so that machines without them can read them there. Returns at once:
     * they are on their way then, and those who need them before they are there wait for their next try.
     *
     * @throws DataUnavailableException as {@link #facts}
     */
    void keep(DatasetRef reference);

    /**
     * How many bytes {@link #keep} would bring into the store; 0 for what is built in, or there.
     *
     * @throws DataUnavailableException as {@link #facts}
     */
    long bytesToCome(DatasetRef reference);
}
