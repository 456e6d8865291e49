package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.evaluation.Ensemble.How;
import org.basinlab.network.Examples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Test;

class EnsembleTest {

    private static final double FLOAT = 1e-5;

    private static final Architecture.Mlp MLP = new Architecture.Mlp(6, List.of(5, 4), 3);
    private static final List<Weights> NETWORKS = networks(MLP, 3);

    static List<Weights> networks(Architecture architecture, int count) {
        List<Weights> networks = new ArrayList<>();
        for (int seed = 1; seed <= count; seed++) {
            networks.add(Initialisation.pytorch(architecture, seed));
        }
        return networks;
    }

    /** Gaussian inputs, labels in turn. */
    record Drawn(int count, int inputs, int classes) implements Examples {

        @Override
        public int label(int index) {
            return index % classes;
        }

        float value(int index, int input) {
            RandomGenerator random = Seeds.generator(Seeds.derive(7, "example", index, input));
            return (float) random.nextGaussian();
        }

        @Override
        public void fill(int[] order, int from, int count, FloatBuffer into) {
            for (int i = from; i < from + count; i++) {
                for (int j = 0; j < inputs; j++) {
                    into.put(value(order[i], j));
                }
            }
        }
    }

    static float[] logits(Answering answering, Examples examples, int classes) {
        float[] all = new float[examples.count() * classes];
        answering.over(examples, Progress.UNWATCHED, (from, labels, logits) -> {
            assertThat(logits).hasSize(labels.length * classes);
            System.arraycopy(logits, 0, all, from * classes, logits.length);
        });
        return all;
    }

    @Test
    void one_network_answers_alike_however_it_is_combined() {
        Drawn examples = new Drawn(7, 6, 3);
        List<Weights> one = NETWORKS.subList(0, 1);
        float[] alone = logits(Ensemble.of(How.LOGITS, one), examples, 3);

        assertThat(logits(Ensemble.of(How.FEATURES, one), examples, 3)).containsExactly(alone, within((float) FLOAT));
        assertThat(logits(Ensemble.of(How.FEATURES_MEAN_HEAD, one), examples, 3))
                .containsExactly(alone, within((float) FLOAT));
        assertThat(softmax(logits(Ensemble.of(How.PROBABILITIES, one), examples, 3), 3))
                .containsExactly(softmax(alone, 3), within(FLOAT));
    }

    @Test
    void probabilities_are_averaged() {
        Drawn examples = new Drawn(5, 6, 3);
        double[] mean = new double[15];
        for (Weights network : NETWORKS) {
            double[] own = softmax(logits(Ensemble.of(How.LOGITS, List.of(network)), examples, 3), 3);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += own[i] / 3;
            }
        }

        assertThat(softmax(logits(Ensemble.of(How.PROBABILITIES, NETWORKS), examples, 3), 3))
                .containsExactly(mean, within(FLOAT));
    }

    @Test
    void features_are_averaged_before_the_first_or_the_mean_head() {
        Drawn examples = new Drawn(5, 6, 3);
        double[] mean = new double[5 * 4];
        for (Weights network : NETWORKS) {
            double[] own = features(network, examples);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += own[i] / 3;
            }
        }

        assertThat(logits(Ensemble.of(How.FEATURES, NETWORKS), examples, 3))
                .containsExactly(headOf(NETWORKS.subList(0, 1), mean), within((float) FLOAT));
        assertThat(logits(Ensemble.of(How.FEATURES_MEAN_HEAD, NETWORKS), examples, 3))
                .containsExactly(headOf(NETWORKS, mean), within((float) FLOAT));
    }

    @Test
    void networks_without_hidden_layers_and_graphs_have_features_too() {
        for (Architecture architecture : List.of(
                new Architecture.Mlp(6, List.of(), 3), new Cnn(new Extent(1, 8, 8), List.of(2, 3), 4, Norm.NONE, 3))) {
            Drawn examples = new Drawn(4, architecture.inputs(), 3);
            Weights network = Initialisation.pytorch(architecture, 1);

            float[] joint = logits(Ensemble.of(How.FEATURES, List.of(network, network)), examples, 3);

            assertThat(Answers.of(Ensemble.of(How.FEATURES, List.of(network)), examples, Progress.UNWATCHED)
                            .score()
                            .images())
                    .isEqualTo(4);
            assertThat(joint)
                    .containsExactly(
                            logits(Ensemble.of(How.FEATURES, List.of(network)), examples, 3), within((float) FLOAT));
        }
    }

    @Test
    void features_of_two_architectures_are_refused() {
        List<Weights> two = List.of(NETWORKS.get(0), Initialisation.pytorch(new Architecture.Mlp(6, List.of(4), 3), 1));

        assertThatThrownBy(() -> logits(Ensemble.of(How.FEATURES, two), new Drawn(2, 6, 3), 3))
                .hasMessageContaining("must have one architecture, were 6-5-4-3 and 6-4-3");
    }

    private static double[] features(Weights network, Drawn examples) {
        double[] all = new double[examples.count() * 4];
        for (int i = 0; i < examples.count(); i++) {
            double[] values = new double[6];
            for (int j = 0; j < 6; j++) {
                values[j] = examples.value(i, j);
            }
            for (int layer = 0; layer < 2; layer++) {
                values = layer(List.of(network), layer, values, true);
            }
            System.arraycopy(values, 0, all, i * 4, 4);
        }
        return all;
    }

    private static float[] headOf(List<Weights> networks, double[] features) {
        float[] logits = new float[features.length / 4 * 3];
        for (int i = 0; i < features.length / 4; i++) {
            double[] own = layer(networks, 2, java.util.Arrays.copyOfRange(features, i * 4, i * 4 + 4), false);
            for (int c = 0; c < 3; c++) {
                logits[i * 3 + c] = (float) own[c];
            }
        }
        return logits;
    }

    /** One layer of the mean of networks. */
    private static double[] layer(List<Weights> networks, int layer, double[] in, boolean rectified) {
        TensorShape weight = MLP.tensors().get(2 * layer);
        TensorShape bias = MLP.tensors().get(2 * layer + 1);
        double[] out = new double[bias.size()];
        for (Weights network : networks) {
            for (int unit = 0; unit < out.length; unit++) {
                double sum = network.at(bias.offset() + unit);
                for (int j = 0; j < in.length; j++) {
                    sum += network.at(weight.offset() + unit * in.length + j) * in[j];
                }
                out[unit] += sum / networks.size();
            }
        }
        for (int unit = 0; unit < out.length && rectified; unit++) {
            out[unit] = Math.max(0, out[unit]);
        }
        return out;
    }

    private static double[] softmax(float[] logits, int classes) {
        double[] all = new double[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double sum = 0;
            for (int c = row; c < row + classes; c++) {
                sum += Math.exp(logits[c]);
            }
            for (int c = row; c < row + classes; c++) {
                all[c] = Math.exp(logits[c]) / sum;
            }
        }
        return all;
    }
}
