package org.basinlab.verdict;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;

/**
 * What each setting that a study varies does to what merging costs. Differences of test accuracies, as fractions; 95 % BCa
 * intervals over groups of leaves. It looks around and decides nothing: no p, and nothing is adjusted for how many lines there are.
 *
 * @param outcomes in the order of their sizes, what merges lose before how schemes compare
 */
public record EffectTable(List<Outcome> outcomes) {

    public EffectTable {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * One kind of difference.
     *
     * @param contrast {@code merge-minus-leaves}, of the tree, or {@code hierarchical-minus-merge-many}
     * @param groupSize how many leaves are merged
     * @param own by the study's own settings, the arm {@code main}
     * @param effects one for each level of a factor other than its first, and for each further arm
     */
    public record Outcome(String contrast, int groupSize, Estimate own, List<Effect> effects) {
        public Outcome {
            effects = List.copyOf(effects);
        }
    }

    /**
     * A mean over groups.
     *
     * @param n groups that it is over
     * @param mean absent where there are none
     * @param low end of the interval, absent below two groups
     */
    public record Estimate(int n, Optional<Double> mean, Optional<Double> low, Optional<Double> high) {}

    /**
     * How much an outcome is higher with one setting than with the study's own.
     *
     * @param factor its name in names of arms; {@code arm} for an arm that varies more than one setting
     * @param pairing {@link #LEAVES} where the groups on both sides have the same leaf seeds, else {@link #INDEX}
     * @param arms pairs of arms that differ in this alone, over which a group's difference is averaged
     * @param level mean of the outcome with the setting, over the groups that count
     * @param reference the same with the study's own
     * @param excluded groups that lack a number on either side
     */
    public record Effect(
            String factor,
            String value,
            String pairing,
            int arms,
            Optional<Double> level,
            Optional<Double> reference,
            Estimate difference,
            int excluded) {}

    /** Groups of the same leaf seeds are set against each other. */
    public static final String LEAVES = "leaves";

    /** Groups are set against each other by their number: their leaves have other seeds, or another order. */
    public static final String INDEX = "index";

    /** No resample lies beyond the range of the groups, in which the mean of fewer than so many lies in less than 95 % of cases. */
    public static final int FEWEST_FOR_LEVEL = 6;

    /** Whether nothing is compared. */
    @JsonIgnore
    public boolean isEmpty() {
        return outcomes.stream().allMatch(outcome -> outcome.effects().isEmpty());
    }
}
