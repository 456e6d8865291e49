package org.basinlab.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Cnn;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.ResNet20;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.TrainingRecipe;
import org.junit.jupiter.api.Test;

class CostsTest {

    private static final TrainingRecipe TRAINING =
            new TrainingRecipe(3, 100, new Optimiser.Sgd(0.1, 0.9, false), Schedule.CONSTANT, Augmentation.NONE);

    private static Costs of(Architecture network) {
        return new Costs(network, KnownDataset.CIFAR10);
    }

    private static double merge(Architecture network) {
        return of(network).merge(new TaskSpec.Merge(new MergeStep.Pair(new Matching.Weight(), 0.5), 1), 2);
    }

    @Test
    void a_perceptron_costs_two_operations_a_parameter_and_image_forward_and_twice_that_back() {
        Architecture.Mlp network = new Architecture.Mlp(3072, List.of(32, 16), 10);

        assertThat(of(network).train(TRAINING)).isEqualTo(6.0 * network.parameterCount() * 150_000);
    }

    @Test
    void a_convolution_costs_its_weights_at_every_position() {
        ResNet20 network = new ResNet20(new Extent(3, 32, 32), 1, Norm.LAYER, 1, 10);

        assertThat(of(network).train(TRAINING)).isEqualTo(3 * network.graph().operationsOfImage() * 150_000);
        // About 41 million multiplications (He et al. 2015, table 6 and section 4.2).
        assertThat(network.graph().operationsOfImage()).isCloseTo(2 * 41e6, within(2e6));
    }

    @Test
    void a_matching_costs_the_products_of_all_weights_along_every_order() {
        Architecture.Mlp perceptron = new Architecture.Mlp(5, List.of(4, 3), 2);
        Cnn network = new Cnn(new Extent(3, 8, 8), List.of(4, 6), 7, Norm.NONE, 10);

        // 2n²(in + out) + n³ of both hidden layers.
        double sweep = 2 * 16 * (5 + 3) + 64 + 2 * 9 * (4 + 2) + 27;
        assertThat(merge(perceptron)).isEqualTo(6.25 * sweep + 4 * perceptron.parameterCount());
        // conv1 108 values from 4 units; conv2 216 between 4 and 6; fc1 168 between 6 channels and 7; fc2 70 into 7.
        double conv = 2 * 4 * 108 + 64 + 2 * (4 + 6) * 216 + 216;
        double linear = 2 * (6 + 7) * 168 + 343 + 2 * 7 * 70;
        assertThat(merge(network)).isEqualTo(6.25 * (conv + linear) + 4 * network.parameterCount());
    }
}
