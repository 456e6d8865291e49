package org.basinlab.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.OutputBias;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.StopRule;

/** Reads {@code merge}: the schemes by which a population is merged, each of which must fit its number of networks. */
final class MergeReader {

    private static final List<Matching> MATCHINGS = List.of(new Matching.Weight());
    private static final List<Matching> MATCHINGS_OF_PAIRS = List.of(new Matching.Weight(), new Matching.None());

    private static final List<String> SCHEMES = List.of("hierarchical", "merge-many", "reference", "naive");
    private static final String OUTPUT_BIAS = "outputBias";
    private static final List<Permuted> DIRECTIONS = List.of(Permuted.SECOND, Permuted.FIRST, Permuted.BETTER);
    private static final Keys ANY = Keys.of(
            "a merge",
            "scheme",
            "matching",
            "share",
            "stages",
            "permute",
            "sweepOrders",
            OUTPUT_BIAS,
            "groups",
            "rounds",
            "stop");
    private static final Map<String, Keys> KEYS = Map.of(
            "hierarchical",
            Keys.of(
                    "a hierarchical merge",
                    "scheme",
                    "matching",
                    "share",
                    "stages",
                    "permute",
                    "sweepOrders",
                    OUTPUT_BIAS),
            "merge-many",
            Keys.of("a merge-many merge", "scheme", "matching", "groups", "rounds", "stop"),
            "reference",
            Keys.of("a reference merge", "scheme", "matching", "groups"),
            "naive",
            Keys.of("a naive merge", "scheme", "groups"));

    private final int networks;

    /** @param networks how many there are to be merged */
    MergeReader(int networks) {
        this.networks = networks;
    }

    List<MergeScheme> read(Value merge) {
        if (merge.isFalse()) {
            return List.of();
        }
        List<MergeScheme> schemes = new ArrayList<>();
        Map<String, Value> seen = new HashMap<>();
        for (Value item : merge.items("a list of merges, or false for none")) {
            for (MergeScheme scheme : schemes(item)) {
                String setting =
                        "%s %s".formatted(scheme.label(), scheme.variant()).strip();
                Value earlier = seen.putIfAbsent(setting, item);
                if (earlier != null) {
                    throw item.refuse("must differ from %s, both are %s".formatted(earlier.path(), setting));
                }
                schemes.add(scheme);
            }
        }
        return schemes;
    }

    /** One for each combination of its settings, the first of each setting first. */
    private List<MergeScheme> schemes(Value item) {
        Section section = item.section(ANY);
        String scheme = section.get("scheme").choice(SCHEMES, label -> label);
        section.require(KEYS.getOrDefault(scheme, ANY));
        return switch (scheme) {
            case "hierarchical" -> trees(section);
            case "merge-many" -> mergeMany(section);
            case "reference" ->
                List.of(new MergeScheme.Reference(matching(section, MATCHINGS), groups(section.get("groups"))));
            default -> List.of(new MergeScheme.Naive(groups(section.get("groups"))));
        };
    }

    /** One tree for each direction, and of the first direction one for each further sweep order. */
    private List<MergeScheme> trees(Section section) {
        Matching matching = matching(section, MATCHINGS_OF_PAIRS);
        if (matching instanceof Matching.None) {
            for (String key : List.of("permute", "sweepOrders", OUTPUT_BIAS)) {
                section.find(key).ifPresent(value -> {
                    throw value.refuse("must be left out where nothing is matched");
                });
            }
        }
        double share = share(section);
        int stages = stages(section.get("stages"));
        List<Permuted> directions = directions(section);
        int orders = section.find("sweepOrders")
                .map(value -> value.integer(1, MergeScheme.MOST_SWEEP_ORDERS))
                .orElse(1);
        List<MergeScheme> trees = new ArrayList<>();
        directions.forEach(direction -> trees.add(
                new MergeScheme.Hierarchical(matching, share, stages, Optional.of(direction), Optional.empty())));
        for (int order = 2; order <= orders; order++) {
            trees.add(new MergeScheme.Hierarchical(
                    matching, share, stages, Optional.of(directions.get(0)), Optional.of(order)));
        }
        return trees;
    }

    private static List<Permuted> directions(Section section) {
        List<Permuted> directions = section.find("permute")
                .map(value -> value.choices(DIRECTIONS, Permuted::label))
                .orElse(List.of(Permuted.SECOND));
        Optional<Value> aliased = section.find(OUTPUT_BIAS)
                .filter(value -> value.choice(List.of(OutputBias.values()), OutputBias::label) == OutputBias.ALIASED);
        if (aliased.isEmpty()) {
            return directions;
        }
        if (!directions.equals(List.of(Permuted.SECOND))) {
            throw aliased.get().refuse("must be own where another than the second of a pair is permuted, was aliased");
        }
        return List.of(Permuted.SECOND_ALIASED);
    }

    private List<MergeScheme> mergeMany(Section section) {
        List<Integer> groups = groups(section.get("groups"));
        Matching matching = matching(section, MATCHINGS);
        List<Rounds> rounds = section.find("rounds")
                .map(value -> value.distinct(MergeReader::rounds))
                .orElse(List.of(Rounds.CONVERGED));
        List<StopRule> stops = section.find("stop")
                .map(value -> value.choices(List.of(StopRule.values()), StopRule::label))
                .orElse(List.of(StopRule.L2));
        List<MergeScheme> schemes = new ArrayList<>();
        for (Rounds most : rounds) {
            stops.forEach(stop -> schemes.add(new MergeScheme.MergeMany(matching, groups, most, stop)));
        }
        return schemes;
    }

    private static Matching matching(Section section, List<Matching> matchings) {
        return section.find("matching")
                .map(value -> value.choice(matchings, Matching::label))
                .orElse(matchings.get(0));
    }

    private static double share(Section section) {
        return section.find("share")
                .map(value -> value.number("[0, 1]", share -> share >= 0 && share <= 1))
                .orElse(0.5);
    }

    private int stages(Value value) {
        int stages = value.integer(1, MergeScheme.MOST_STAGES);
        if (networks < 1 << stages) {
            throw value.refuse("must leave 2^stages networks to merge: %d stages need a seeds.count of %d, was %d"
                    .formatted(stages, 1 << stages, networks));
        }
        return stages;
    }

    private List<Integer> groups(Value value) {
        List<Integer> sizes = new ArrayList<>();
        for (Value item : value.items("a list of group sizes")) {
            int size = item.integer(2, MergeScheme.LARGEST_GROUP);
            if (size > networks) {
                throw item.refuse("must be at most the seeds.count of %d, was %d".formatted(networks, size));
            }
            if (sizes.contains(size)) {
                throw item.refuse("must be a size that is not there yet, was %d again".formatted(size));
            }
            sizes.add(size);
        }
        if (sizes.isEmpty()) {
            throw value.refuse("must have at least one size, was empty");
        }
        return sizes;
    }

    private static Rounds rounds(Value value) {
        if (value.isText("converged")) {
            return Rounds.CONVERGED;
        }
        if (value.isText()) {
            throw value.refuse("must be converged or a whole number in [1, %d], was %s"
                    .formatted(Rounds.MOST, value.yaml().described()));
        }
        return new Rounds(value.integer(1, Rounds.MOST));
    }
}
