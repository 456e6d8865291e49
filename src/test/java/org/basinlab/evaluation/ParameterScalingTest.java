package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.evaluation.Ensemble.How;
import org.basinlab.evaluation.EnsembleTest.Drawn;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Vgg16;
import org.junit.jupiter.api.Test;

class ParameterScalingTest {

    private static final Architecture MLP = new Architecture.Mlp(6, List.of(5, 4), 3);
    private static final Architecture CNN = new Cnn(new Extent(1, 8, 8), List.of(2, 3), 4, Norm.NONE, 3);
    private static final double FLOAT = 1e-4;
    private static final List<How> WAYS = List.of(How.LOGITS, How.FEATURES, How.FEATURES_MEAN_HEAD);

    @Test
    void the_mean_of_scaled_networks_answers_as_if_their_tensors_had_been_multiplied() {
        for (Architecture architecture : List.of(MLP, CNN)) {
            List<Weights> networks = EnsembleTest.networks(architecture, 3);
            for (double[] factors : new double[][] {{3, 3, 3}, {3, 1, 1}, {0.25, 1, 1}, {1, 1, 2}}) {
                Weights soup = new ParameterScaling(networks, factors, false).soup();

                // Of one network, features through its own head are its logits.
                assertRays(
                        logits(How.FEATURES, List.of(soup)),
                        logits(How.FEATURES, List.of(plainSoup(networks, factors))));
            }
        }
    }

    @Test
    void scaled_networks_answer_together_as_if_their_tensors_had_been_multiplied() {
        for (Architecture architecture : List.of(MLP, CNN)) {
            List<Weights> networks = EnsembleTest.networks(architecture, 2);
            for (How how : WAYS.subList(architecture.equals(MLP) ? 0 : 1, 3)) {
                for (double[] factors : new double[][] {{3, 3}, {2, 1}, {0.25, 1}, {1, 3}}) {
                    Ensemble scaled = new ParameterScaling(networks, factors, false).ensemble(how);
                    List<Weights> plain =
                            List.of(multiplied(networks.get(0), factors[0]), multiplied(networks.get(1), factors[1]));

                    assertRays(EnsembleTest.logits(scaled, examples(architecture), 3), logits(how, plain));
                }
            }
        }
    }

    @Test
    void one_power_for_all_changes_nothing_and_one_for_the_first_is_that_networks_word() {
        List<Weights> networks = EnsembleTest.networks(MLP, 2);
        Drawn examples = examples(MLP);
        float[] plain = logits(How.LOGITS, networks);

        float[] all = EnsembleTest.logits(
                new ParameterScaling(networks, new double[] {7, 7}, true).ensemble(How.LOGITS), examples, 3);
        float[] first = EnsembleTest.logits(
                new ParameterScaling(networks, new double[] {1000, 1}, true).ensemble(How.LOGITS), examples, 3);

        assertThat(all).containsExactly(plain);
        assertRays(first, logits(How.LOGITS, networks.subList(0, 1)));
        assertRays(
                logits(How.LOGITS, List.of(new ParameterScaling(networks, new double[] {7, 7}, true).soup())),
                logits(How.LOGITS, List.of(plainSoup(networks, new double[] {1, 1}))));
    }

    @Test
    void deep_networks_times_a_hundred_overflow_nowhere() {
        Vgg16 vgg = new Vgg16(new Extent(3, 32, 32), 0.125, Norm.NONE, 2, 10);
        List<Weights> networks = EnsembleTest.networks(vgg, 2);

        for (double[] factors : new double[][] {{100, 100}, {100, 1}, {0.1, 0.1}}) {
            ParameterScaling scaling = new ParameterScaling(networks, factors, false);
            Drawn examples = new Drawn(1, vgg.inputs(), 10);

            assertThat(scaling.soup().isFinite()).isTrue();
            for (float logit : EnsembleTest.logits(scaling.ensemble(How.FEATURES), examples, 10)) {
                assertThat(logit).isFinite();
            }
        }
    }

    @Test
    void tensors_of_networks_with_normalisations_are_multiplied_as_they_are() {
        Cnn cnn = new Cnn(new Extent(1, 8, 8), List.of(2, 3), 4, Norm.LAYER, 3);
        Weights network = Initialisation.pytorch(cnn, 1);

        Weights soup = new ParameterScaling(List.of(network), new double[] {2}, false).soup();

        assertThat(soup.copy()).containsExactly(multiplied(network, 2).copy());
        assertThatThrownBy(() -> new ParameterScaling(List.of(network), new double[] {2}, true))
                .hasMessageContaining("can be scaled by powers");
    }

    private static Drawn examples(Architecture architecture) {
        return new Drawn(6, architecture.inputs(), 3);
    }

    private static float[] logits(How how, List<Weights> networks) {
        return EnsembleTest.logits(
                Ensemble.of(how, networks), examples(networks.get(0).architecture()), 3);
    }

    private static Weights multiplied(Weights network, double factor) {
        float[] values = network.copy();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (factor * values[i]);
        }
        return Weights.owning(network.architecture(), values);
    }

    private static Weights plainSoup(List<Weights> networks, double[] factors) {
        float[] values = new float[networks.get(0).size()];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            for (int k = 0; k < factors.length; k++) {
                sum += factors[k] * networks.get(k).at(i) / factors.length;
            }
            values[i] = (float) sum;
        }
        return Weights.owning(networks.get(0).architecture(), values);
    }

    /** Logits that are one positive multiple of the others: the same answers, with the same margins but for scale. */
    private static void assertRays(float[] found, float[] expected) {
        double inner = 0;
        double ofFound = 0;
        double ofExpected = 0;
        for (int i = 0; i < found.length; i++) {
            inner += (double) found[i] * expected[i];
            ofFound += (double) found[i] * found[i];
            ofExpected += (double) expected[i] * expected[i];
        }
        double factor = inner / ofFound;
        assertThat(factor).isPositive();
        for (int i = 0; i < found.length; i++) {
            assertThat(factor * found[i]).isCloseTo(expected[i], within(FLOAT * Math.sqrt(ofExpected)));
        }
    }
}
