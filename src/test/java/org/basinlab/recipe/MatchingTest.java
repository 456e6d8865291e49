package org.basinlab.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MatchingTest {

    private static final List<Matching> ALL = List.of(
            new Matching.Weight(),
            new Matching.None(),
            Matching.Activation.withDefaults(),
            new Matching.Activation(Matching.Statistic.PEARSON, Optional.of(10_000)),
            Matching.StraightThrough.withDefaults(5),
            new Matching.BestOf(10));

    @Test
    void every_matching_comes_back_from_its_text() {
        List<String> texts = ALL.stream().map(CanonicalJson::write).toList();

        assertThat(texts)
                .containsExactly(
                        "{\"weight\":{}}",
                        "{\"none\":{}}",
                        "{\"activation\":{\"statistic\":\"cross-moment\"}}",
                        "{\"activation\":{\"images\":10000,\"statistic\":\"pearson\"}}",
                        "{\"straight-through\":{\"batch\":1000,\"epochs\":5,\"learningRate\":0.01,\"momentum\":0.9}}",
                        "{\"best-of\":{\"k\":10}}");
        for (int i = 0; i < ALL.size(); i++) {
            assertThat(CanonicalJson.read(texts.get(i), Matching.class)).isEqualTo(ALL.get(i));
        }
    }

    @Test
    void labels_tell_them_apart() {
        assertThat(ALL.stream().map(Matching::label))
                .containsExactly(
                        "weight", "none", "activation", "activation-pearson", "straight-through", "best-of-10");
        assertThat(ALL.stream().filter(Matching::readsImages).map(Matching::label))
                .containsExactly("activation", "activation-pearson", "straight-through");
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matching.BestOf(0))
                .withMessage("the number of matchings to choose from must lie in [1, 10000], was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matching.Activation(Matching.Statistic.PEARSON, Optional.of(1)))
                .withMessageContaining("images must lie in [2, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matching.StraightThrough(5, 100, 0, 0.9))
                .withMessage("learningRate must lie in (0, 100.0], was 0.0");
    }
}
