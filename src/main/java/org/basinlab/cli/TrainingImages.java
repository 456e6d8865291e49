package org.basinlab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Split;

/** Training images for networks in files. */
final class TrainingImages {

    /** The fewest that have a variance. */
    private static final int FEWEST = 2;

    private TrainingImages() {}

    /**
     * The training images of {@code --dataset}, as the networks take them: by the normalisation that they state, else that of
     * the data set.
     *
     * @param count of {@code --images}: the first so many; all where absent
     * @param places where data sets are looked for
     * @throws UsageException if they do not fit the networks or there are fewer
     */
    static NormalisedImages of(String dataset, Optional<Integer> count, List<NetworkFile> networks, List<Path> places) {
        KnownDataset known = Choices.dataset("--dataset", dataset);
        int most = known.images(Split.TRAIN);
        count.filter(some -> some < FEWEST || some > most).ifPresent(some -> {
            throw new UsageException("--images must lie in [%d, %d], the training images of %s, was %d"
                    .formatted(FEWEST, most, known.label(), some));
        });
        networks.forEach(network -> EvaluateCommand.requireFit(network, known));
        FileNormalisation.shared(networks);
        Normalisation.Constants constants = networks.stream()
                .flatMap(network -> FileNormalisation.stated(network, known).stream())
                .findFirst()
                .orElseGet(() -> DataSets.standardNormalisation(known));
        Dataset open = new DataSets(places).open(known);
        return NormalisedImages.of(open.split(Split.TRAIN), constants, count);
    }
}
