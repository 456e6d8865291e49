package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Matching;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how units are paired, and the matching that they add up to. */
final class MatchingChoice {

    private static final String WEIGHT = "weight";
    private static final String ACTIVATION = "activation";
    private static final String STRAIGHT_THROUGH = "straight-through";
    private static final String BEST_OF = "best-of";
    private static final List<String> METHODS = List.of(WEIGHT, ACTIVATION, STRAIGHT_THROUGH, BEST_OF);
    private static final int USUAL_EPOCHS = 5;
    private static final int USUAL_K = 10;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = WEIGHT,
            description = {
                "weight (the default): one layer after another, until the weights lie as near as they get.",
                "best-of: the best of --k weight matchings.",
                "activation: units that fire alike on the images of --dataset.",
                "straight-through: trained on --dataset for the least loss halfway between the two networks."
            })
    private String method;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            description = "Whose training images they see. With activation and straight-through only, which need it.")
    private @Nullable String dataset;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "The first N training images only. With activation and straight-through only.")
    private @Nullable Integer count;

    @Option(
            names = "--statistic",
            paramLabel = "NAME",
            description = "cross-moment, the mean of products (the default), or pearson. With activation only.")
    private @Nullable String statistic;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "1 to 1000 (default: " + USUAL_EPOCHS + "). With straight-through only.")
    private @Nullable Integer epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images of a step (default: 1000). With straight-through only.")
    private @Nullable Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "In (0, 100] (default: 0.01). With straight-through only.")
    private @Nullable Double learningRate;

    @Option(
            names = "--momentum",
            paramLabel = "M",
            description = "In [0, 1) (default: 0.9). With straight-through only.")
    private @Nullable Double momentum;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "How many matchings to choose from (default: " + USUAL_K + "). With best-of only.")
    private @Nullable Integer k;

    /** @throws UsageException if the options do not fit each other, or a value is out of its range */
    Matching matching() {
        String name = Choices.get("--method", method, METHODS, known -> known);
        requireFit(name);
        try {
            return switch (name) {
                case ACTIVATION -> new Matching.Activation(statistic(), Optional.empty());
                case STRAIGHT_THROUGH -> straightThrough();
                case BEST_OF -> new Matching.BestOf(k == null ? USUAL_K : k);
                default -> new Matching.Weight();
            };
        } catch (IllegalArgumentException e) {
            throw new UsageException("--method %s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private void requireFit(String name) {
        List<String> readers = List.of(ACTIVATION, STRAIGHT_THROUGH);
        requireOnly("--dataset", dataset, name, readers);
        requireOnly("--images", count, name, readers);
        requireOnly("--statistic", statistic, name, List.of(ACTIVATION));
        requireOnly("--epochs", epochs, name, List.of(STRAIGHT_THROUGH));
        requireOnly("--batch", batch, name, List.of(STRAIGHT_THROUGH));
        requireOnly("--learning-rate", learningRate, name, List.of(STRAIGHT_THROUGH));
        requireOnly("--momentum", momentum, name, List.of(STRAIGHT_THROUGH));
        requireOnly("--k", k, name, List.of(BEST_OF));
        if (dataset == null && readers.contains(name)) {
            throw new UsageException("--method %s needs --dataset, whose training images it sees".formatted(name));
        }
    }

    private static void requireOnly(String option, @Nullable Object given, String name, List<String> homes) {
        if (given != null && !homes.contains(name)) {
            throw new UsageException(
                    "%s goes with --method %s, it is %s".formatted(option, String.join(" or ", homes), name));
        }
    }

    private Matching.Statistic statistic() {
        return statistic == null
                ? Matching.Statistic.CROSS_MOMENT
                : Choices.get(
                        "--statistic", statistic, List.of(Matching.Statistic.values()), Matching.Statistic::label);
    }

    private Matching straightThrough() {
        Matching.StraightThrough usual = Matching.StraightThrough.withDefaults(epochs == null ? USUAL_EPOCHS : epochs);
        return new Matching.StraightThrough(
                usual.epochs(),
                batch == null ? usual.batch() : batch,
                learningRate == null ? usual.learningRate() : learningRate,
                momentum == null ? usual.momentum() : momentum);
    }

    /**
     * The training images that the method sees, as the networks take them: by the normalisation that they state, else that
     * of the data set.
     *
     * @throws UsageException if they do not fit the networks or there are fewer
     */
    Optional<Examples> images(List<NetworkFile> networks, SharedOptions shared) {
        if (dataset == null) {
            return Optional.empty();
        }
        return Optional.of(TrainingImages.of(dataset, Optional.ofNullable(count), networks, shared.dataPlaces()));
    }
}
