package org.basinlab.dispatch;

import org.basinlab.ledger.DataFacts;
import org.basinlab.recipe.DatasetRef;

/** Knows what the data that a study names consists of. */
public interface DataCatalogue {

    /**
     * The facts of this data set; reads it if it was not read yet.
     *
     * @throws DataUnavailableException if it is missing, damaged, or not the one that is pinned
     */
    DataFacts facts(DatasetRef reference);
}
