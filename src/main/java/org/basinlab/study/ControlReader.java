package org.basinlab.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.TrainingRecipe;

/** Reads {@code controls}: what the merges of an arm's first tree are set against. */
final class ControlReader {

    private static final String NAIVE_TREE = "naive-tree";
    private static final String NORM_RESCALED = "norm-rescaled";
    private static final String NOISE_MATCHED = "noise-matched";
    private static final String L2_PATH = "equal-accuracy-l2";

    private static final Control.L2Path USUAL_PATH = new Control.L2Path(List.of(0.001, 0.003, 0.01, 0.03), 3);

    /** Those without settings of their own, in the order in which they are laid out. */
    private static final List<Control> PLAIN = List.of(
            new Control.EarlyStop(),
            USUAL_PATH,
            new Control.WeightNoise(),
            new Control.NormRescaled(),
            new Control.NoiseMatched(),
            new Control.LogitEnsemble(),
            new Control.ProbabilityEnsemble(List.of()),
            new Control.FeatureEnsemble(List.of()),
            new Control.FeatureEnsembleMeanHead(List.of()));

    private static final Map<String, Function<List<Integer>, Control>> ENSEMBLES = ensembles();

    private static final Keys WITH_SETTINGS = Keys.of("a control with settings", withSettings());
    private static final Keys PATH = Keys.of(L2_PATH, "coefficients", "refinements");

    private static final Set<String> TRAINED = Set.of(L2_PATH, "equal-accuracy-early-stop");

    /** Empty where only ensembles of groups of their own are asked for. */
    private final Optional<MergeScheme.Hierarchical> tree;

    private final TrainingRecipe training;
    private final Architecture network;
    private final int networks;
    private final List<Control> controls = new ArrayList<>();
    private boolean naiveTree;

    private ControlReader(
            Optional<MergeScheme.Hierarchical> tree, TrainingRecipe training, Architecture network, int networks) {
        this.network = network;
        this.tree = tree;
        this.training = training;
        this.networks = networks;
    }

    private static Map<String, Function<List<Integer>, Control>> ensembles() {
        Map<String, Function<List<Integer>, Control>> makers = new LinkedHashMap<>();
        makers.put("logit-ensemble", Control.LogitEnsemble::new);
        makers.put("probability-ensemble", Control.ProbabilityEnsemble::new);
        makers.put("feature-ensemble", Control.FeatureEnsemble::new);
        makers.put("feature-ensemble-mean-head", Control.FeatureEnsembleMeanHead::new);
        return Collections.unmodifiableMap(makers);
    }

    private static String[] withSettings() {
        List<String> labels = new ArrayList<>(List.of(L2_PATH));
        labels.addAll(ENSEMBLES.keySet());
        return labels.toArray(String[]::new);
    }

    /**
     * What was asked for.
     *
     * @param merge of the arm, with the naive tree where that is a control
     */
    record Controls(List<MergeScheme> merge, List<Control> controls) {}

    /**
     * @param training of the arm's networks
     * @param network what they are made of
     * @param networks how many there are
     */
    static Controls read(
            Optional<Value> value,
            List<MergeScheme> merge,
            TrainingRecipe training,
            Architecture network,
            int networks) {
        List<Value> items = value.filter(given -> !given.isFalse())
                .map(given -> given.items("a list of controls, or false for none"))
                .orElse(List.of());
        if (items.isEmpty()) {
            return new Controls(merge, List.of());
        }
        ControlReader reader = new ControlReader(Arm.tree(merge), training, network, networks);
        Set<String> seen = new LinkedHashSet<>();
        for (Value item : items) {
            String label = reader.add(item);
            reader.requireTree(label, value.orElseThrow());
            reader.requireFit(label, item);
            if (!seen.add(label)) {
                throw item.refuse("must be a control that is not there yet, was %s again".formatted(label));
            }
        }
        reader.controls.sort((a, b) -> Integer.compare(place(a), place(b)));
        return new Controls(reader.naiveTree ? reader.withNaiveTree(merge) : merge, reader.controls);
    }

    private void requireTree(String label, Value value) {
        boolean own = controls.stream()
                .anyMatch(control -> control.label().equals(label)
                        && control instanceof Control.Ensemble ensemble
                        && !ensemble.groups().isEmpty());
        if (tree.isEmpty() && !own) {
            throw value.refuse("must have a hierarchical merge with a matching to be set against, the arm has none");
        }
    }

    private static int place(Control control) {
        return PLAIN.stream().map(Control::label).toList().indexOf(control.label());
    }

    private String add(Value item) {
        if (item.isMapping()) {
            Section section = item.oneOf(WITH_SETTINGS);
            String label = section.keys().iterator().next();
            Value settings = section.get(label);
            controls.add(label.equals(L2_PATH) ? path(settings) : ensemble(label, settings));
            return label;
        }
        List<String> labels = new ArrayList<>(List.of(NAIVE_TREE));
        PLAIN.forEach(control -> labels.add(control.label()));
        String label = item.choice(labels, name -> name);
        naiveTree |= label.equals(NAIVE_TREE);
        PLAIN.stream().filter(control -> control.label().equals(label)).forEach(controls::add);
        return label;
    }

    private void requireFit(String label, Value item) {
        if (label.equals(NOISE_MATCHED)
                && tree.flatMap(MergeScheme.Hierarchical::permute).isPresent()) {
            throw item.refuse("must be set against a tree whose first network is never moved: the arm's first"
                    + " hierarchical merge must permute second, permutes "
                    + tree.flatMap(MergeScheme.Hierarchical::permute).get().label());
        }
        if (label.equals(NORM_RESCALED) && !(network instanceof Architecture.Mlp)) {
            throw item.refuse(("must have perceptrons, whose rectifiers let the factors of their layers through:"
                            + " %s is not defined for %s")
                    .formatted(label, network.label()));
        }
        if (TRAINED.contains(label) && training.start().isPresent()) {
            throw item.refuse("must have networks that start from drawn weights, to be trained again:"
                    + " %s and training.start exclude each other".formatted(label));
        }
    }

    private static Control.L2Path path(Value value) {
        Section section = value.section(PATH);
        List<Double> coefficients =
                section.find("coefficients").map(ControlReader::coefficients).orElse(USUAL_PATH.coefficients());
        int refinements = section.find("refinements")
                .map(number -> number.integer(0, ControlStep.MOST_REFINEMENTS))
                .orElse(USUAL_PATH.refinements());
        return new Control.L2Path(coefficients, refinements);
    }

    private Control ensemble(String label, Value value) {
        Value groups = value.section(Keys.of(label, "groups")).get("groups");
        List<Integer> sizes = new ArrayList<>();
        for (Value item : groups.items("a list of group sizes")) {
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
            throw groups.refuse("must have at least one size, was empty");
        }
        return Objects.requireNonNull(ENSEMBLES.get(label)).apply(sizes);
    }

    private static List<Double> coefficients(Value value) {
        List<Double> coefficients = new ArrayList<>();
        for (Value item : value.items("a list of penalties")) {
            double coefficient = item.number("(0, 10]", number -> number > 0 && number <= Penalty.MOST);
            if (!coefficients.isEmpty() && coefficient <= coefficients.get(coefficients.size() - 1)) {
                throw item.refuse("must be above the one before it, %s, was %s"
                        .formatted(
                                coefficients.get(coefficients.size() - 1),
                                item.yaml().described()));
            }
            coefficients.add(coefficient);
        }
        if (coefficients.isEmpty() || coefficients.size() > ControlStep.MOST_COEFFICIENTS) {
            throw value.refuse("must have 1 to %d penalties, had %d"
                    .formatted(ControlStep.MOST_COEFFICIENTS, coefficients.size()));
        }
        return coefficients;
    }

    /** The merges with the tree's groups averaged naively: by plain means at a share of one half, else as a tree of its own. */
    private List<MergeScheme> withNaiveTree(List<MergeScheme> merge) {
        MergeScheme.Hierarchical tree = this.tree.orElseThrow();
        List<MergeScheme> completed = new ArrayList<>(merge);
        MergeScheme wanted = tree.share() == 0.5
                ? new MergeScheme.Naive(tree.sizes())
                : new MergeScheme.Hierarchical(new Matching.None(), tree.share(), tree.stages());
        for (int i = 0; i < completed.size(); i++) {
            MergeScheme there = completed.get(i);
            if (there.label().equals(wanted.label()) && there.variant().equals(wanted.variant())) {
                completed.set(i, joined(there, wanted));
                return completed;
            }
        }
        completed.add(wanted);
        return completed;
    }

    private static MergeScheme joined(MergeScheme there, MergeScheme wanted) {
        if (there instanceof MergeScheme.Naive) {
            Set<Integer> sizes = new LinkedHashSet<>(there.sizes());
            sizes.addAll(wanted.sizes());
            return new MergeScheme.Naive(List.copyOf(sizes));
        }
        return there.sizes().size() >= wanted.sizes().size() ? there : wanted;
    }
}
