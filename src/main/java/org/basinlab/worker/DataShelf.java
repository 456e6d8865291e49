package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.dataset.DatasetException;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.DataUnavailableException;
import org.basinlab.ledger.DataFacts;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.Split;

/** The data sets of this machine: each is read once and shared by all slots. */
@ApplicationScoped
class DataShelf implements DataCatalogue {

    private final DataSets sets;

    DataShelf(WorkerConfig config) {
        List<Path> places = config.dataPath().stream()
                .flatMap(path -> Arrays.stream(path.split(Pattern.quote(File.pathSeparator))))
                .filter(place -> !place.isBlank())
                .map(Path::of)
                .toList();
        this.sets = new DataSets(places);
    }

    /**
     * The data that a task must read.
     *
     * @throws DataUnavailableException if this machine has none of that digest; another may
     */
    Dataset open(DatasetRef reference, Optional<String> digest) {
        Dataset data = open(reference);
        if (digest.isPresent() && !data.digest().equals(digest.get())) {
            throw new DataUnavailableException(
                    "data set %s must have the digest %s that the study was submitted with, this machine has %s from %s"
                            .formatted(reference.name().label(), digest.get(), data.digest(), data.origin()));
        }
        return data;
    }

    private Dataset open(DatasetRef reference) {
        try {
            return sets.open(reference.name()).require(reference);
        } catch (DatasetException e) {
            throw new DataUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public DataFacts facts(DatasetRef reference) {
        Dataset data = open(reference);
        return new DataFacts(
                data.name(),
                data.digest(),
                data.official(),
                data.split(Split.TRAIN).count(),
                data.split(Split.TEST).count());
    }
}
