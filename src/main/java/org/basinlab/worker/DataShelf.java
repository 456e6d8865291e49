package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.dataset.DatasetException;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.DataUnavailableException;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.ledger.DataFacts;
import org.basinlab.ledger.FaultPoint;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.TaskSpec;

/**
 * The data sets that tasks here can read: those of this machine, and those of the store that this machine lacks. Each is read
 * once and shared by all slots.
 */
@ApplicationScoped
class DataShelf implements DataCatalogue {

    private final DataSets sets;
    private final DataKeeping keeping;
    private final ConcurrentHashMap<String, Dataset> fromStore = new ConcurrentHashMap<>();

    DataShelf(WorkerConfig config, DataKeeping keeping) {
        List<Path> places = config.dataPath().stream()
                .flatMap(path -> Arrays.stream(path.split(Pattern.quote(File.pathSeparator))))
                .filter(place -> !place.isBlank())
                .map(Path::of)
                .toList();
        this.sets = new DataSets(places);
        this.keeping = keeping;
    }

    /**
     * The data that a task must read.
     *
     * @throws DataUnavailableException if neither this machine nor the store has any of that digest; another machine may
     */
    Dataset open(DatasetRef reference, Optional<String> digest) {
        FaultPoint.DATA_LOAD.reached();
        if (digest.isEmpty()) {
            return open(reference);
        }
        Dataset known = fromStore.get(digest.get());
        if (known != null) {
            return known.require(reference);
        }
        try {
            Dataset data = requireDigest(open(reference), digest.get());
            keeping.keep(data);
            return data;
        } catch (DataUnavailableException e) {
            return findStored(reference, digest.get()).orElseThrow(() -> e);
        }
    }

    /** Images that a task must look at, as inputs. */
    NormalisedImages images(TaskSpec.Images wanted, Optional<String> digest) {
        Dataset dataset = open(wanted.dataset(), digest);
        return NormalisedImages.of(
                dataset.split(wanted.split()), dataset.resolve(wanted.dataset().normalise()), wanted.limit());
    }

    private static Dataset requireDigest(Dataset data, String digest) {
        if (!data.digest().equals(digest)) {
            throw new DataUnavailableException(
                    "data set %s must have the digest %s that the study was submitted with, this machine has %s from %s"
                            .formatted(data.name().label(), digest, data.digest(), data.origin()));
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

    private Optional<Dataset> findStored(DatasetRef reference, String digest) {
        Dataset read =
                fromStore.computeIfAbsent(digest, wanted -> keeping.read(wanted).orElse(null));
        return Optional.ofNullable(read).map(data -> data.require(reference));
    }

    /** That of this machine, or else the one that the store has of that name. */
    private Dataset choose(DatasetRef reference) {
        try {
            return open(reference);
        } catch (DataUnavailableException e) {
            return keeping.digest(reference)
                    .flatMap(digest -> findStored(reference, digest))
                    .orElseThrow(() -> e);
        }
    }

    @Override
    public DataFacts facts(DatasetRef reference) {
        Dataset data = choose(reference);
        return new DataFacts(
                data.name(),
                data.digest(),
                data.official(),
                data.split(Split.TRAIN).count(),
                data.split(Split.TEST).count());
    }

    @Override
    public void keep(DatasetRef reference) {
        keeping.keep(choose(reference));
    }

    @Override
    public long bytesToCome(DatasetRef reference) {
        return keeping.bytesToCome(choose(reference));
    }
}
