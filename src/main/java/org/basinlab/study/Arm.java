package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.TrainingRecipe;

/**
 * One population of trained networks, and what is made of it and asked of it.
 *
 * @param name {@link #MAIN} for the study's own population
 * @param seeds of its networks, as the specification numbers them
 * @param order by which the shuffle of its networks is drawn: arms of one order and equal seeds have the same groups
 * @param merge empty where nothing is merged
 * @param controls what its first tree is set against; only where there is one
 * @param extensions seeds that were added after it was submitted, in the order in which they came; none overlaps another or the
 *     first
 */
public record Arm(
        String name,
        DatasetRef dataset,
        Architecture network,
        TrainingRecipe training,
        SeedRange seeds,
        String order,
        List<MergeScheme> merge,
        List<Control> controls,
        List<Evaluation> evaluate,

        @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<SeedRange> extensions) {

    public static final String MAIN = "main";

    public Arm {
        merge = List.copyOf(merge);
        controls = List.copyOf(controls);
        evaluate = List.copyOf(evaluate);
        extensions = List.copyOf(extensions);
    }

    /** As it is submitted. */
    public Arm(
            String name,
            DatasetRef dataset,
            Architecture network,
            TrainingRecipe training,
            SeedRange seeds,
            String order,
            List<MergeScheme> merge,
            List<Control> controls,
            List<Evaluation> evaluate) {
        this(name, dataset, network, training, seeds, order, merge, controls, evaluate, List.of());
    }

    /** Whether factors made it: its name says by what it differs from {@link #MAIN}, {@code share=0.3,order=1}. */
    @JsonIgnore
    public boolean isOfFactors() {
        return name.contains("=");
    }

    /** The same population with more networks behind those that it has. */
    public Arm extended(SeedRange more) {
        List<SeedRange> all = new ArrayList<>(extensions);
        all.add(more);
        return new Arm(name, dataset, network, training, seeds, order, merge, controls, evaluate, all);
    }

    /** All of its seeds: the first, then each extension. */
    @JsonIgnore
    public List<SeedRange> allSeeds() {
        List<SeedRange> all = new ArrayList<>(List.of(seeds));
        all.addAll(extensions);
        return all;
    }

    /** How many networks are trained. */
    public int leaves() {
        return allSeeds().stream().mapToInt(SeedRange::count).sum();
    }

    /** The tree that controls and barriers are about: the first that aligns networks. */
    public Optional<MergeScheme.Hierarchical> tree() {
        return tree(merge);
    }

    static Optional<MergeScheme.Hierarchical> tree(List<MergeScheme> merge) {
        return merge.stream()
                .filter(MergeScheme.Hierarchical.class::isInstance)
                .map(MergeScheme.Hierarchical.class::cast)
                .filter(tree -> !(tree.matching() instanceof Matching.None))
                .findFirst();
    }

    /** The MergeMany whose rounds are looked into: the first. */
    public Optional<MergeScheme.MergeMany> mergeMany() {
        return merge.stream()
                .filter(MergeScheme.MergeMany.class::isInstance)
                .map(MergeScheme.MergeMany.class::cast)
                .findFirst();
    }

    /**
     * Whether {@code scheme} is the first of its name among the arm's merges, or the tree's groups averaged naively. Networks
     * aligned with a reference are a reading of their own, which costly measurements are not taken of.
     */
    public boolean isPrimary(MergeScheme scheme) {
        if (scheme instanceof MergeScheme.Reference) {
            return false;
        }
        return isNaiveTree(scheme)
                || merge.stream()
                        .filter(other -> other.label().equals(scheme.label()))
                        .findFirst()
                        .equals(Optional.of(scheme));
    }

    /** Whether {@code scheme} makes plain means of networks as it moved them, so that what they are means of can be scaled. */
    public boolean isMeanOfNetworks(MergeScheme scheme) {
        return scheme instanceof MergeScheme.Naive
                || scheme instanceof MergeScheme.Reference
                || mergeMany().filter(scheme::equals).isPresent();
    }

    private boolean isNaiveTree(MergeScheme scheme) {
        return tree().map(MergeScheme.Hierarchical::share)
                .filter(share -> scheme instanceof MergeScheme.Naive
                        ? share == 0.5
                        : scheme instanceof MergeScheme.Hierarchical other
                                && other.matching() instanceof Matching.None
                                && other.share() == share)
                .isPresent();
    }

    /** How many whole trees there are. */
    public int trees() {
        return tree().map(tree -> leaves() >> tree.stages()).orElse(0);
    }
}
