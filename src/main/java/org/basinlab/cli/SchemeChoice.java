package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.StopRule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say by which scheme networks are merged, and the scheme that they add up to. */
final class SchemeChoice {

    private static final String HIERARCHICAL = "hierarchical";
    private static final String MERGE_MANY = "merge-many";
    private static final String REFERENCE = "reference";
    private static final String SEQUENTIAL = "sequential";
    private static final String C2M3 = "c2m3";
    private static final String GREEDY_SOUP = "greedy-soup";
    private static final String NAIVE = "naive";
    private static final String STRAIGHT_THROUGH = "straight-through";
    private static final String BEST_OF = "best-of-";
    private static final int USUAL_EPOCHS = 5;
    private static final List<String> SCHEMES =
            List.of(HIERARCHICAL, MERGE_MANY, REFERENCE, SEQUENTIAL, C2M3, GREEDY_SOUP, NAIVE);

    @Option(
            names = "--scheme",
            paramLabel = "NAME",
            defaultValue = HIERARCHICAL,
            description = {
                "hierarchical (the default): pairs in the order of IN, then pairs of pairs; takes 2, 4, 8 … networks.",
                "merge-many: each in turn is aligned with the mean of the others, until nothing moves; then their mean.",
                "reference: all are aligned with the first; then their mean.",
                "sequential: each is aligned with the one before it, as that is then; then their mean.",
                "c2m3: all are aligned with each other at once; then their mean.",
                "greedy-soup: the mean of those that make it better on held-out images of --dataset.",
                "naive: their mean, nothing is aligned."
            })
    private String scheme;

    @Option(
            names = "--matching",
            paramLabel = "NAME",
            description = {
                "How units are paired: weight (the default), best-of-K (K weight matchings, the best of them),",
                "activation or activation-pearson (what fires alike on the images of --dataset), straight-through",
                "(trained on them). merge-many takes weight alone, c2m3 and naive none; greedy-soup aligns only where"
                        + " this is said."
            })
    private @Nullable String matching;

    @Option(names = "--epochs", paramLabel = "N", description = "Of straight-through, 1 to 1000 (default: 5).")
    private @Nullable Integer epochs;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Most iterations, 1 to 1000 (default: 100). With c2m3 only.")
    private @Nullable Integer iterations;

    @Option(
            names = "--repair",
            paramLabel = "repair|rescale",
            description = "Gives the hidden units of every mean the activations of its networks back, on the images of"
                    + " --dataset: repair their means and standard deviations, rescale the latter alone.")
    private @Nullable String repair;

    @Option(
            names = "--share",
            paramLabel = "λ",
            description =
                    "Weight of the second of a pair, in [0, 1] (default: 0.5): (1−λ)·A + λ·πB. With hierarchical only.")
    private @Nullable Double share;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Most rounds, 1 to 1000, or converged (the default). With merge-many only.")
    private @Nullable String rounds;

    @Option(
            names = "--stop",
            paramLabel = "RULE",
            description = "Which round is the last: l2, no network came nearer to the mean of the others (the default);"
                    + " identity, no network was permuted. With merge-many only.")
    private @Nullable String stop;

    /** @throws UsageException if the options do not fit each other or this number of networks */
    MergeScheme scheme(int networks) {
        String name = Choices.get("--scheme", scheme, SCHEMES, known -> known);
        requireOnly("--share", share, name, HIERARCHICAL);
        requireOnly("--rounds", rounds, name, MERGE_MANY);
        requireOnly("--stop", stop, name, MERGE_MANY);
        requireOnly("--iterations", iterations, name, C2M3);
        if (matching != null && (name.equals(NAIVE) || name.equals(C2M3))) {
            throw new UsageException("--matching goes with a scheme that aligns %s, the scheme is %s"
                    .formatted(name.equals(NAIVE) ? "networks" : "pairs of networks", name));
        }
        if (networks < 2 || networks > MergeScheme.LARGEST_GROUP) {
            throw new UsageException(
                    "a merge takes 2 to %d networks, was given %d".formatted(MergeScheme.LARGEST_GROUP, networks));
        }
        return scheme(name, networks);
    }

    private MergeScheme scheme(String name, int networks) {
        List<Integer> group = List.of(networks);
        Optional<Integer> all = Optional.empty();
        return switch (name) {
            case HIERARCHICAL ->
                new MergeScheme.Hierarchical(
                        matching(), share(), stages(networks), Optional.empty(), Optional.empty(), repair(), all);
            case MERGE_MANY -> new MergeScheme.MergeMany(weightAlone(), group, rounds(), stop(), repair(), all);
            case REFERENCE -> new MergeScheme.Reference(matching(), group, repair(), all);
            case SEQUENTIAL -> new MergeScheme.Sequential(matching(), group, repair(), all);
            case C2M3 -> new MergeScheme.CycleConsistent(group, iterations(), repair(), all);
            case GREEDY_SOUP ->
                new MergeScheme.GreedySoup(matching == null ? new Matching.None() : matching(), group, repair(), all);
            default -> new MergeScheme.Naive(group, repair(), all);
        };
    }

    private static void requireOnly(String option, @Nullable Object given, String scheme, String home) {
        if (given != null && !scheme.equals(home)) {
            throw new UsageException("%s goes with --scheme %s only, the scheme is %s".formatted(option, home, scheme));
        }
    }

    private Matching matching() {
        String name = matching == null ? "weight" : matching;
        if (epochs != null && !name.equals(STRAIGHT_THROUGH)) {
            throw new UsageException(
                    "--epochs goes with --matching %s only, the matching is %s".formatted(STRAIGHT_THROUGH, name));
        }
        try {
            if (name.startsWith(BEST_OF) && name.substring(BEST_OF.length()).matches("[0-9]{1,9}")) {
                return new Matching.BestOf(Integer.parseInt(name.substring(BEST_OF.length())));
            }
            return switch (name) {
                case "weight" -> new Matching.Weight();
                case "activation" -> Matching.Activation.withDefaults();
                case "activation-pearson" -> new Matching.Activation(Matching.Statistic.PEARSON, Optional.empty());
                case STRAIGHT_THROUGH -> Matching.StraightThrough.withDefaults(epochs == null ? USUAL_EPOCHS : epochs);
                default ->
                    throw new UsageException("--matching must be weight, best-of-K with a number K, activation,"
                            + " activation-pearson or straight-through, was '%s'".formatted(name));
            };
        } catch (IllegalArgumentException e) {
            throw new UsageException("--matching %s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private Matching weightAlone() {
        if (matching != null && !matching.equals("weight")) {
            throw new UsageException(
                    "--matching must be weight with --scheme %s, was '%s'".formatted(scheme, matching));
        }
        return matching();
    }

    private Optional<Repair> repair() {
        return Optional.ofNullable(repair)
                .map(name -> Choices.get("--repair", name, List.of(Repair.values()), Repair::label));
    }

    private int iterations() {
        int most = iterations == null ? MergeScheme.CycleConsistent.USUAL_ITERATIONS : iterations;
        if (most < 1 || most > MergeStep.MOST_ITERATIONS) {
            throw new UsageException(
                    "--iterations must lie in [1, %d], was %d".formatted(MergeStep.MOST_ITERATIONS, most));
        }
        return most;
    }

    private double share() {
        double weight = share == null ? 0.5 : share;
        if (!(weight >= 0 && weight <= 1)) { // also refuses NaN
            throw new UsageException("--share must lie in [0, 1], was " + weight);
        }
        return weight;
    }

    private static int stages(int networks) {
        if (Integer.bitCount(networks) != 1) {
            int below = Integer.highestOneBit(networks);
            throw new UsageException("--scheme hierarchical takes 2, 4, 8 … networks, was given %d: %d or %d fit"
                    .formatted(networks, below, 2 * below));
        }
        return Integer.numberOfTrailingZeros(networks);
    }

    private Rounds rounds() {
        if (rounds == null || rounds.equals("converged")) {
            return Rounds.CONVERGED;
        }
        try {
            return new Rounds(Integer.parseInt(rounds));
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--rounds must be converged or a whole number in [1, %d], was '%s'".formatted(Rounds.MOST, rounds),
                    e);
        }
    }

    private StopRule stop() {
        return Choices.get("--stop", stop == null ? "l2" : stop, List.of(StopRule.values()), StopRule::label);
    }
}
