package org.basinlab.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.OutputBias;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.StopRule;

/** Reads {@code merge}: the schemes by which a population is merged, each of which must fit its number of networks. */
final class MergeReader {

    private static final List<String> SCHEMES =
            List.of("hierarchical", "merge-many", "reference", "sequential", "c2m3", "greedy-soup", "naive");
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
            "stop",
            "iterations",
            "repair",
            "images");
    private static final Map<String, Keys> KEYS = Map.of(
            "hierarchical", keys("hierarchical", "matching", "share", "stages", "permute", "sweepOrders", OUTPUT_BIAS),
            "merge-many", keys("merge-many", "matching", "groups", "rounds", "stop"),
            "reference", keys("reference", "matching", "groups"),
            "sequential", keys("sequential", "matching", "groups"),
            "c2m3", keys("c2m3", "groups", "iterations"),
            "greedy-soup", keys("greedy-soup", "matching", "groups"),
            "naive", keys("naive", "groups"));

    private final int networks;
    private final KnownDataset dataset;
    private final boolean batchNorm;

    /**
     * For one arm.
     *
     * @param networks how many there are to be merged
     * @param batchNorm whether they have BatchNorms, so that every merge of them looks at images
     */
    MergeReader(int networks, KnownDataset dataset, boolean batchNorm) {
        this.networks = networks;
        this.dataset = dataset;
        this.batchNorm = batchNorm;
    }

    /** What every scheme may have stands around its own. */
    private static Keys keys(String scheme, String... own) {
        List<String> known = new ArrayList<>(List.of("scheme"));
        known.addAll(List.of(own));
        known.addAll(List.of("repair", "images"));
        return new Keys("a %s merge".formatted(scheme), known);
    }

    /** What is done to every mean, and the images for it. */
    private record Finishing(Optional<Repair> repair, Optional<Integer> images) {}

    List<MergeScheme> read(Value merge) {
        if (merge.isFalse()) {
            return List.of();
        }
        List<MergeScheme> schemes = new ArrayList<>();
        Map<String, Value> seen = new HashMap<>();
        for (Value item : merge.items("a list of merges, or false for none")) {
            for (MergeScheme scheme : schemes(item)) {
                String setting = setting(scheme);
                Value earlier = seen.putIfAbsent(setting, item);
                if (earlier != null) {
                    throw item.refuse("must differ from %s, both are %s".formatted(earlier.path(), setting));
                }
                schemes.add(scheme);
            }
        }
        return schemes;
    }

    /** What tells it from others in SQL; the usual matching goes without saying. */
    private static String setting(MergeScheme scheme) {
        Matching matching = scheme.step().matching();
        boolean usual = matching instanceof Matching.Weight || matching instanceof Matching.None;
        return "%s %s %s"
                .formatted(scheme.label(), usual ? "" : matching.label(), scheme.variant())
                .strip()
                .replace("  ", " ");
    }

    /** One for each combination of its settings, the first of each setting first. */
    private List<MergeScheme> schemes(Value item) {
        Section section = item.section(ANY);
        String scheme = section.get("scheme").choice(SCHEMES, label -> label);
        if (scheme.equals("hierarchical")) {
            section.find("groups").ifPresent(MergeReader::refuseGroupsOfTree);
        }
        section.require(KEYS.getOrDefault(scheme, ANY));
        Finishing finishing = new Finishing(
                section.find("repair")
                        .filter(value -> !value.isFalse())
                        .map(value -> value.choice(List.of(Repair.values()), Repair::label)),
                section.find("images").map(value -> value.integer(2, dataset.images(Split.TRAIN))));
        List<MergeScheme> schemes = switch (scheme) {
            case "hierarchical" -> trees(section, finishing);
            case "merge-many" -> mergeMany(section, finishing);
            default -> List.of(ofGroups(scheme, section, finishing));
        };
        requireUse(section, schemes);
        return schemes;
    }

    private MergeScheme ofGroups(String scheme, Section section, Finishing finishing) {
        List<Integer> groups = groups(section.get("groups"));
        Optional<Repair> repair = finishing.repair;
        Optional<Integer> images = finishing.images;
        return switch (scheme) {
            case "reference" -> new MergeScheme.Reference(matching(section), groups, repair, images);
            case "sequential" -> new MergeScheme.Sequential(matching(section), groups, repair, images);
            case "c2m3" -> new MergeScheme.CycleConsistent(groups, iterations(section), repair, images);
            case "greedy-soup" ->
                new MergeScheme.GreedySoup(
                        section.find("matching").map(MatchingReader::readOrNone).orElse(new Matching.None()),
                        groups,
                        repair,
                        images);
            default -> new MergeScheme.Naive(groups, repair, images);
        };
    }

    private static int iterations(Section section) {
        return section.find("iterations")
                .map(value -> value.integer(1, MergeStep.MOST_ITERATIONS))
                .orElse(MergeScheme.CycleConsistent.USUAL_ITERATIONS);
    }

    /** A number of images that nothing would look at is a mistake. */
    private void requireUse(Section section, List<MergeScheme> schemes) {
        boolean used = batchNorm
                || schemes.stream()
                        .anyMatch(scheme -> scheme.step().readsImages()
                                || (scheme instanceof MergeScheme.Hierarchical tree
                                        && tree.permute().equals(Optional.of(Permuted.BETTER))));
        section.find("images").filter(value -> !used).ifPresent(value -> {
            throw value.refuse("must be left out where a merge looks at no images");
        });
    }

    /** A tree is made of pairs: its groups follow from its stages. */
    private static void refuseGroupsOfTree(Value groups) {
        for (Value item : groups.oneOrMore()) {
            int size = item.integer(2, MergeScheme.LARGEST_GROUP);
            int stages = 31 - Integer.numberOfLeadingZeros(size);
            if (Integer.bitCount(size) > 1) {
                throw item.refuse(("must be a power of two in a hierarchical merge, was %d: %d (stages: %d) and %d"
                                + " (stages: %d) fit")
                        .formatted(size, 1 << stages, stages, 2 << stages, stages + 1));
            }
            throw item.refuse("must be said as stages in a hierarchical merge: groups of %d are stages: %d"
                    .formatted(size, stages));
        }
        throw groups.refuse("must be said as stages in a hierarchical merge");
    }

    /** One tree for each direction, and of the first direction one for each further sweep order. */
    private List<MergeScheme> trees(Section section, Finishing finishing) {
        Matching matching =
                section.find("matching").map(MatchingReader::readOrNone).orElse(new Matching.Weight());
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
        directions.forEach(direction -> trees.add(tree(matching, share, stages, direction, 1, finishing)));
        for (int order = 2; order <= orders; order++) {
            trees.add(tree(matching, share, stages, directions.get(0), order, finishing));
        }
        return trees;
    }

    private static MergeScheme tree(
            Matching matching, double share, int stages, Permuted permute, int order, Finishing finishing) {
        return new MergeScheme.Hierarchical(
                matching, share, stages, Optional.of(permute), Optional.of(order), finishing.repair, finishing.images);
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

    private List<MergeScheme> mergeMany(Section section, Finishing finishing) {
        List<Integer> groups = groups(section.get("groups"));
        Matching matching = section.find("matching")
                .<Matching>map(value -> value.choice(List.of(new Matching.Weight()), Matching::label))
                .orElse(new Matching.Weight());
        List<Rounds> rounds = section.find("rounds")
                .map(value -> value.distinct(MergeReader::rounds))
                .orElse(List.of(Rounds.CONVERGED));
        List<StopRule> stops = section.find("stop")
                .map(value -> value.choices(List.of(StopRule.values()), StopRule::label))
                .orElse(List.of(StopRule.L2));
        List<MergeScheme> schemes = new ArrayList<>();
        for (Rounds most : rounds) {
            stops.forEach(stop -> schemes.add(
                    new MergeScheme.MergeMany(matching, groups, most, stop, finishing.repair, finishing.images)));
        }
        return schemes;
    }

    private static Matching matching(Section section) {
        return section.find("matching").map(MatchingReader::read).orElse(new Matching.Weight());
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
