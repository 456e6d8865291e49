package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.basinlab.network.GraphPass;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Vit;
import org.junit.jupiter.api.Test;

class NormProductTest {

    private static final Extent IMAGE = new Extent(3, 32, 32);

    @Test
    void of_a_perceptron_it_is_the_product_of_the_largest_singular_values() {
        Weights weights = Initialisation.pytorch(new Architecture.Mlp(12, List.of(9, 7), 4), 1);

        NormProduct product = NormProduct.of(weights);

        assertThat(Lipschitz.spectral(weights))
                .isBetween(product.value().lower(), product.value().upper());
        assertThat(product.value().relativeGap()).isLessThan(1e-8);
        assertThat(product.loose()).isZero();
    }

    @Test
    void no_two_inputs_are_moved_further_apart_than_it_says() {
        for (Norm norm : List.of(Norm.NONE, Norm.BATCH)) {
            Weights weights = Initialisation.pytorch(new Cnn(IMAGE, List.of(3, 4), 6, norm, 10), 2);

            NormProduct product = NormProduct.of(weights);

            assertThat(product.loose()).isZero();
            assertThat(product.value().lower()).isPositive();
            assertThat(stretched(weights)).isBetween(0.001, product.value().upper());
        }
    }

    @Test
    void a_batch_norm_multiplies_the_channels_of_the_convolution_before_it() {
        Cnn architecture = new Cnn(IMAGE, List.of(3, 4), 6, Norm.BATCH, 10);
        Weights weights = Initialisation.pytorch(architecture, 2);
        float[] doubled = weights.copy();
        architecture.tensors().stream()
                .filter(tensor -> tensor.name().endsWith("running_var"))
                .forEach(tensor -> {
                    for (int i = 0; i < tensor.size(); i++) {
                        doubled[tensor.offset() + i] = 4;
                    }
                });
        long norms = architecture.tensors().stream()
                .filter(tensor -> tensor.name().endsWith("running_var"))
                .count();

        NormProduct halved = NormProduct.of(Weights.owning(architecture, doubled));

        double ratio = halved.value().upper() / NormProduct.of(weights).value().upper();
        assertThat(ratio).isBetween(Math.pow(0.5, norms) * 0.999, Math.pow(0.5, norms) * 1.001);
    }

    @Test
    void normalisations_of_one_image_are_counted_as_loose() {
        Weights weights = Initialisation.pytorch(new Cnn(IMAGE, List.of(3, 4), 6, Norm.LAYER, 10), 2);

        NormProduct product = NormProduct.of(weights);

        assertThat(product.loose()).isPositive();
        assertThat(product.value().upper()).isGreaterThan(1e3).isFinite();
        assertThat(stretched(weights)).isLessThan(product.value().upper());
    }

    @Test
    void attention_has_no_bound() {
        Weights weights = Initialisation.pytorch(new Vit(IMAGE, 8, 8, 1, 2, 10), 1);

        assertThat(NormProduct.of(weights).value().upper()).isInfinite();
    }

    @Test
    void a_nan_has_no_bound() {
        Architecture architecture = new Architecture.Mlp(2, List.of(2), 2);
        float[] values = new float[architecture.parameterCount()];
        values[3] = Float.NaN;

        assertThatThrownBy(() -> NormProduct.of(Weights.owning(architecture, values)))
                .hasMessageContaining("held a NaN");
    }

    /** The largest ‖f(x) − f(x′)‖ / ‖x − x′‖ of some near pairs. */
    private static double stretched(Weights weights) {
        Architecture architecture = weights.architecture();
        int inputs = architecture.inputs();
        RandomGenerator random = Seeds.generator(3);
        double largest = 0;
        try (GraphPass pass = new GraphPass(architecture.graph(), Set.of(), 2)) {
            pass.load(weights.copy());
            for (int pair = 0; pair < 8; pair++) {
                FloatBuffer batch = pass.inputs(2);
                double squares = 0;
                for (int i = 0; i < inputs; i++) {
                    float x = (float) random.nextGaussian();
                    float other = x + (float) (0.1 * random.nextGaussian());
                    batch.put(i, x);
                    batch.put(inputs + i, other);
                    squares += ((double) other - x) * ((double) other - x);
                }
                pass.run(2);
                FloatBuffer logits = pass.output(architecture.graph().logits(), 2);
                double moved = 0;
                for (int c = 0; c < architecture.classes(); c++) {
                    double difference = (double) logits.get(c) - logits.get(architecture.classes() + c);
                    moved += difference * difference;
                }
                largest = Math.max(largest, Math.sqrt(moved / squares));
            }
        }
        return largest;
    }
}
