package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.matching.WeightMatching;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

/** Merges of two that move the first, or none. */
class PairsTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12, 8), 5);
    private static final Matching WEIGHT = new Matching.Weight();
    private static final List<Weights> FOUR = LongStream.range(0, 4)
            .mapToObj(seed -> ReferenceNetworks.random(SMALL, seed))
            .toList();
    private static final Weights A = FOUR.get(0);
    private static final Weights B = FOUR.get(1);

    private static Merged pair(Matching matching, double share, Permuted permuted) {
        return Merging.merge(
                new MergeStep.Pair(matching, share, Optional.of(permuted)), List.of(A, B), 9, Progress.UNWATCHED);
    }

    private static Weights tree(Matching matching, Permuted permuted, Optional<Integer> sweepOrder, int leaves) {
        MergeScheme scheme =
                new MergeScheme.Hierarchical(matching, 0.5, leaves == 2 ? 1 : 2, Optional.of(permuted), sweepOrder);
        return SchemeMerge.of(scheme, FOUR.subList(0, leaves), 9, Progress.UNWATCHED)
                .weights();
    }

    @Test
    void the_first_is_moved_by_its_alignment_with_the_second() {
        Permutations expected =
                WeightMatching.align(B, A, 9, Progress.UNWATCHED).permutations();

        Merged merged = pair(WEIGHT, 0.25, Permuted.FIRST);

        assertThat(merged.permutationOfInput().get(0)).isEqualTo(expected);
        assertThat(merged.permutationOfInput().get(1).isIdentity()).isTrue();
        assertThat(merged.weights().copy())
                .isEqualTo(Averages.lerp(expected.apply(A), B, 0.25).copy());
        assertThat(merged.report().l2After()).isLessThan(merged.report().l2Before());
    }

    @Test
    void moving_the_first_is_moving_the_second_of_the_exchanged_pair() {
        Merged first = pair(WEIGHT, 0.5, Permuted.FIRST);

        Merged exchanged = Merging.merge(new MergeStep.Pair(WEIGHT, 0.5), List.of(B, A), 9, Progress.UNWATCHED);

        assertThat(first.weights().copy()).isEqualTo(exchanged.weights().copy());
    }

    @Test
    void without_a_matching_nothing_is_moved() {
        Merged merged = pair(new Matching.None(), 0.3, Permuted.SECOND);

        assertThat(merged.weights().copy()).isEqualTo(Averages.lerp(A, B, 0.3).copy());
        assertThat(merged.permutationOfInput()).hasSize(2).allMatch(Permutations::isIdentity);
        assertThat(merged.report().matchings()).isZero();
        assertThat(merged.report().l2After()).isEqualTo(merged.report().l2Before());
    }

    @Test
    void a_tree_of_plain_pairs_is_the_mean_of_its_leaves() {
        float[] tree =
                tree(new Matching.None(), Permuted.SECOND, Optional.empty(), 4).copy();

        float[] mean = Averages.mean(FOUR).copy();
        assertThat(tree).hasSameSizeAs(mean);
        for (int i = 0; i < mean.length; i++) {
            assertThat(tree[i]).isCloseTo(mean[i], within(1e-6f));
        }
    }

    @Test
    void which_of_two_is_better_must_be_known_beforehand() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair(WEIGHT, 0.5, Permuted.BETTER))
                .withMessage("a merge of two networks must say which of them is moved, first or second: "
                        + "which one is better shows on training images only");
    }

    @Test
    void a_tree_that_moves_the_first_does_so_in_every_pair() {
        Weights tree = tree(WEIGHT, Permuted.FIRST, Optional.empty(), 4);

        Weights left = moveFirst(FOUR.get(0), FOUR.get(1), Seeds.derive(9, "merge", 0, 1));
        Weights right = moveFirst(FOUR.get(2), FOUR.get(3), Seeds.derive(9, "merge", 2, 3));
        Weights top = moveFirst(left, right, Seeds.derive(9, "merge", 0, 1, 2, 3));
        assertThat(tree.copy()).isEqualTo(top.copy());
    }

    @Test
    void another_sweep_order_takes_another_seed_in_every_pair() {
        Weights pair = tree(WEIGHT, Permuted.FIRST, Optional.of(2), 2);

        assertThat(pair.copy())
                .isEqualTo(
                        moveFirst(A, B, Seeds.derive(9, "merge/sweep-2", 0, 1)).copy());
        assertThat(tree(WEIGHT, Permuted.FIRST, Optional.of(1), 2).copy())
                .isEqualTo(moveFirst(A, B, 9).copy());
    }

    private static Weights moveFirst(Weights a, Weights b, long seed) {
        MergeStep step = new MergeStep.Pair(WEIGHT, 0.5, Optional.of(Permuted.FIRST));
        return Merging.merge(step, List.of(a, b), seed, Progress.UNWATCHED).weights();
    }
}
