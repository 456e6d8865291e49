package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TensorShape;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Means and the path of networks that PyTorch trained, permuted and scored, within the tolerances of their README. */
class ReferencePathTest {

    private static final JsonNode EXPECTED = ReferenceNetworks.expected();
    private static final Weights SEED_0 = ReferenceNetworks.read("seed0");
    private static final Weights SEED_1 = ReferenceNetworks.read("seed1");
    private static final double RELATIVE = 1e-6;

    /** Seed 1 in the order that activation matching gave it. */
    private static Weights permuted() {
        JsonNode vectors = EXPECTED.get("activation_matching_first_10000_train_raw_inner_product")
                .get("permutations");
        Map<String, int[]> byName = new LinkedHashMap<>();
        for (int k = 0; k < vectors.size(); k++) {
            int[] vector = new int[vectors.get(k).size()];
            JsonNode row = vectors.get(k);
            Arrays.setAll(vector, i -> row.get(i).intValue());
            byName.put("P_" + k, vector);
        }
        return Permutations.of(byName).apply(SEED_1);
    }

    private static Weights mean(List<Weights> networks) {
        float[] values = new float[networks.get(0).size()];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            for (Weights network : networks) {
                sum += network.at(i);
            }
            values[i] = (float) (sum / networks.size());
        }
        return Weights.owning(networks.get(0).architecture(), values);
    }

    private static void assertNorms(Weights network, JsonNode expected) {
        Architecture architecture = network.architecture();
        double norm = expected.get("weight_norm").doubleValue();
        assertThat(WeightNorm.of(network)).isCloseTo(norm, within(1e-4 * norm));
        double product = expected.get("lipschitz_spectral_product").doubleValue();
        assertThat(Lipschitz.spectral(network)).isCloseTo(product, within(RELATIVE * product));
        for (int layer = 0; layer < expected.get("spectral_norms").size(); layer++) {
            TensorShape shape = architecture.tensors().get(2 * layer);
            double[] matrix = new double[shape.size()];
            Arrays.setAll(matrix, i -> network.at(shape.offset() + i));
            double largest = Products.largestSingularValue(
                    shape.axes().get(0), shape.axes().get(1), matrix);
            double wanted = expected.get("spectral_norms").get(layer).doubleValue();
            assertThat(largest).isCloseTo(wanted, within(RELATIVE * wanted));
        }
    }

    @Test
    void norms_and_bounds_of_trained_networks_agree() {
        for (String name : List.of("seed0", "seed1", "seed2", "seed3")) {
            assertNorms(ReferenceNetworks.read(name), EXPECTED.get("models").get(name));
        }
    }

    @Test
    void norms_and_bounds_of_their_means_agree() {
        List<Weights> four = List.of(SEED_0, SEED_1, ReferenceNetworks.read("seed2"), ReferenceNetworks.read("seed3"));

        assertNorms(mean(four), EXPECTED.get("naive_mean_of_4"));
        assertNorms(mean(List.of(SEED_0, permuted())), EXPECTED.get("midpoint_after_activation_matching"));
    }

    @Test
    @Tag("real-data")
    void loss_and_accuracy_along_the_path_agree() {
        JsonNode expected = EXPECTED.get("barrier_after_activation_matching");
        int points = expected.get("lambda").size();

        LinearPath path =
                LinearPath.between(SEED_0, permuted(), Cifar10TestImages.images(), points, Progress.UNWATCHED);

        for (int i = 0; i < points; i++) {
            Score score = path.scores().get(i);
            assertThat(path.lambdas().get(i))
                    .isCloseTo(expected.get("lambda").get(i).doubleValue(), within(1e-15));
            assertThat(score.loss()).isCloseTo(expected.get("loss").get(i).doubleValue(), within(1e-4));
            assertThat(score.accuracy())
                    .isCloseTo(expected.get("accuracy").get(i).doubleValue(), within(2e-4 + 1e-12));
        }
        assertThat(path.lossBarrier()).isCloseTo(expected.get("loss_barrier").doubleValue(), within(2e-4));
        assertThat(path.accuracyBarrier())
                .isCloseTo(expected.get("accuracy_barrier").doubleValue(), within(4e-4));
    }
}
