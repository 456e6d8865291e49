package org.basinlab.cli;

import java.util.List;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.StopRule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say by which scheme networks are merged, and the scheme that they add up to. */
final class SchemeChoice {

    private static final String HIERARCHICAL = "hierarchical";
    private static final String MERGE_MANY = "merge-many";
    private static final String REFERENCE = "reference";
    private static final String NAIVE = "naive";
    private static final List<String> SCHEMES = List.of(HIERARCHICAL, MERGE_MANY, REFERENCE, NAIVE);

    @Option(
            names = "--scheme",
            paramLabel = "NAME",
            defaultValue = HIERARCHICAL,
            description = {
                "hierarchical (the default): pairs in the order of IN, then pairs of pairs; takes 2, 4, 8 … networks.",
                "merge-many: each in turn is aligned with the mean of the others, until nothing moves; then their mean.",
                "reference: all are aligned with the first; then their mean.",
                "naive: their mean, nothing is aligned."
            })
    private String scheme;

    @Option(
            names = "--matching",
            paramLabel = "NAME",
            description = "How units are paired: weight (the default). Not with naive.")
    private @Nullable String matching;

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
        if (name.equals(NAIVE) && matching != null) {
            throw new UsageException("--matching goes with a scheme that aligns, the scheme is naive");
        }
        if (networks < 2 || networks > MergeScheme.LARGEST_GROUP) {
            throw new UsageException(
                    "a merge takes 2 to %d networks, was given %d".formatted(MergeScheme.LARGEST_GROUP, networks));
        }
        List<Integer> group = List.of(networks);
        return switch (name) {
            case HIERARCHICAL -> new MergeScheme.Hierarchical(matching(), share(), stages(networks));
            case MERGE_MANY -> new MergeScheme.MergeMany(matching(), group, rounds(), stop());
            case REFERENCE -> new MergeScheme.Reference(matching(), group);
            default -> new MergeScheme.Naive(group);
        };
    }

    private static void requireOnly(String option, @Nullable Object given, String scheme, String home) {
        if (given != null && !scheme.equals(home)) {
            throw new UsageException("%s goes with --scheme %s only, the scheme is %s".formatted(option, home, scheme));
        }
    }

    private Matching matching() {
        return Choices.get("--matching", matching == null ? "weight" : matching, Choices.MATCHINGS, Matching::label);
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
            throw new UsageException("--scheme hierarchical takes 2, 4, 8 … networks, was given " + networks);
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
