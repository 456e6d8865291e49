package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;
import org.junit.jupiter.api.Test;

class PatternPicturesTest {

    @Test
    void a_row_is_stretched_from_its_smallest_to_its_largest_value() {
        Architecture linear = new Architecture.Mlp(3 * 32 * 32, List.of(), 10);
        float[] values = new float[linear.parameterCount()];
        int row = 2 * 3 * 32 * 32;
        values[row] = -1; // red of the first place
        values[row + 1024 + 33] = 3; // green of the second place of the second line
        Weights weights = Weights.owning(linear, values);

        BufferedImage picture = PatternPictures.picture(weights, 2, KnownDataset.CIFAR10);

        assertThat(picture.getWidth()).isEqualTo(32);
        assertThat(picture.getRGB(0, 0) & 0xffffff).isEqualTo(0x004040);
        assertThat(picture.getRGB(1, 1) & 0xffffff).isEqualTo(0x40ff40);
        assertThat(PatternPictures.picture(weights, 3, KnownDataset.CIFAR10).getRGB(0, 0) & 0xffffff)
                .isZero();
    }

    @Test
    void grey_weights_give_grey_pictures() {
        Architecture linear = new Architecture.Mlp(784, List.of(), 10);
        float[] values = new float[linear.parameterCount()];
        values[5] = 1;

        BufferedImage picture = PatternPictures.picture(Weights.owning(linear, values), 0, KnownDataset.MNIST);

        assertThat(picture.getRGB(5, 0) & 0xffffff).isEqualTo(0xffffff);
        assertThat(picture.getRGB(6, 0) & 0xffffff).isZero();
    }
}
