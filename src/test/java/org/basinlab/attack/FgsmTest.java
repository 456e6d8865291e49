package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FgsmTest {

    private static final Points EPSILONS = Points.of("0", "0.01", "0.05", "0.3");

    private static AttackResult attack(Weights weights, NormalisedImages images, InputSpace space) {
        return Fgsm.of(new MetricRequest.Fgsm(EPSILONS, space), weights, images, Progress.UNWATCHED);
    }

    @ParameterizedTest
    @EnumSource
    void answers_are_those_of_plain_loops(InputSpace space) {
        NormalisedImages images = Shapes.images(60);
        PlainNetwork plain = new PlainNetwork(Shapes.TRAINED, images, space);

        AttackResult found = attack(Shapes.TRAINED, images, space);

        for (int i = 0; i < EPSILONS.values().size(); i++) {
            double epsilon = EPSILONS.values().get(i).doubleValue();
            for (int image = 0; image < images.count(); image++) {
                assertThat(found.correct().get(i).get(image))
                        .as("image %d at ε = %s", image, epsilon)
                        .isEqualTo(plain.isRight(plain.fgsm(image, epsilon), image));
            }
        }
        assertThat(found.accuracy(3)).isLessThan(found.accuracy(0));
    }

    @Test
    void at_epsilon_zero_it_is_the_accuracy() {
        NormalisedImages images = Shapes.images(1_700);

        AttackResult found = attack(Shapes.TRAINED, images, InputSpace.PIXEL);

        assertThat(found.accuracy(0))
                .isEqualTo(Score.of(Shapes.TRAINED, images, Progress.UNWATCHED).accuracy());
        assertThat(found.isSound()).as("%s", found.checks()).isTrue();
    }

    @Test
    void an_image_is_answered_alike_in_batches_of_any_size() {
        AttackResult few = attack(Shapes.TRAINED, Shapes.images(150), InputSpace.PIXEL);
        AttackResult many = attack(Shapes.TRAINED, Shapes.images(1_200), InputSpace.PIXEL);

        for (int i = 0; i < EPSILONS.values().size(); i++) {
            BitSet first = many.correct().get(i).get(0, 150);
            assertThat(few.correct().get(i)).isEqualTo(first);
        }
    }

    @Test
    void a_network_too_sure_of_itself_to_have_a_loss_is_attacked_like_any_other() {
        Weights sure = Shapes.withLastLayerTimes(Shapes.TRAINED, 1e5f);

        AttackResult found = attack(sure, Shapes.images(200), InputSpace.PIXEL);

        assertThat(found.isSound()).as("%s", found.checks()).isTrue();
        assertThat(found.accuracy(3)).isLessThan(found.accuracy(0) / 2);
    }

    @Test
    void a_network_without_gradients_is_flagged() {
        Weights dead = Shapes.withDeadUnits(Shapes.TRAINED);

        AttackResult found = attack(dead, Shapes.images(200), InputSpace.PIXEL);

        assertThat(found.isSound()).isFalse();
        assertThat(found.checks())
                .filteredOn(check -> check.check().equals("gradients-not-masked"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.passed()).isFalse();
                    assertThat(check.measured()).isGreaterThan(0.1);
                    assertThat(check.limit()).isCloseTo(0.01, within(1e-12));
                });
    }

    @Test
    void checks_are_named_as_the_documentation_has_them() {
        assertThat(attack(Shapes.TRAINED, Shapes.images(50), InputSpace.NORMALISED)
                        .checks())
                .extracting(SanityFinding::check)
                .containsExactly(
                        "clean-at-zero", "monotone", "broken-at-half", "halved-at-half", "gradients-not-masked");
    }
}
