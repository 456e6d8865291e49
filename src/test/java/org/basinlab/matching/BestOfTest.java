package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

class BestOfTest {

    private static final Weights A = ReferenceNetworks.read("seed0");
    private static final Weights B = ReferenceNetworks.read("seed1");

    @Test
    void the_answer_is_the_best_of_as_many_weight_matchings() {
        Alignment best = BestOf.align(A, B, 4, 9, Progress.UNWATCHED);

        double greatest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < 4; j++) {
            Alignment one = WeightMatching.align(A, B, Seeds.derive(9, "best-of", j), Progress.UNWATCHED);
            greatest = Math.max(greatest, one.objective());
        }
        assertThat(best.objective()).isEqualTo(greatest);
        assertThat(Sums.of(List.of(A), best.permutations().apply(B)).inner()).isEqualTo(best.objective());
    }

    @Test
    void the_best_of_more_is_never_worse() {
        List<Double> objectives = new ArrayList<>();
        List<Double> fractions = new ArrayList<>();

        for (int k = 1; k <= 4; k++) {
            fractions.clear();
            objectives.add(BestOf.align(A, B, k, 2, fractions::add).objective());
        }

        assertThat(objectives).isSorted();
        assertThat(fractions).isSorted().allMatch(fraction -> fraction >= 0 && fraction < 1);
    }

    @Test
    void none_to_choose_from_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BestOf.align(A, B, 0, 1, Progress.UNWATCHED))
                .withMessage("there must be at least 1 matching to choose from, was 0");
    }
}
