package org.basinlab.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.basinlab.evaluation.ClassPatterns;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.KnownDataset;

/**
 * The weights of a linear classifier as pictures: a PNG for each class, its row of weights stretched from its own smallest to
 * its own largest value to 0…255, channel-major as the images are.
 */
final class PatternPictures {

    private static final int WHITE = 255;

    private PatternPictures() {}

    /**
     * Writes {@code NAME-class-C.png} into a folder, which is made where it is not there.
     *
     * @return how many
     * @throws UsageException if the network has a hidden layer
     * @throws UnusableException if they cannot be written
     */
    static int write(NetworkFile network, KnownDataset dataset, Path folder) {
        Weights weights = network.weights();
        Architecture architecture;
        try {
            architecture = ClassPatterns.requireLinear(weights);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--images: %s: %s".formatted(network.path(), e.getMessage()), e);
        }
        String name = String.valueOf(network.path().getFileName()).replaceFirst("\\.safetensors$", "");
        try {
            Files.createDirectories(folder);
            for (int c = 0; c < architecture.classes(); c++) {
                ByteArrayOutputStream png = new ByteArrayOutputStream();
                ImageIO.write(picture(weights, c, dataset), "png", png);
                Files.write(folder.resolve("%s-class-%d.png".formatted(name, c)), png.toByteArray());
            }
        } catch (IOException e) {
            throw new UnusableException("--images %s cannot be written: %s".formatted(folder, e.getMessage()));
        }
        return architecture.classes();
    }

    static BufferedImage picture(Weights weights, int row, KnownDataset dataset) {
        int positions = dataset.height() * dataset.width();
        int from = row * dataset.pixels();
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + dataset.pixels(); i++) {
            least = Math.min(least, weights.at(i));
            most = Math.max(most, weights.at(i));
        }
        BufferedImage picture = new BufferedImage(dataset.width(), dataset.height(), BufferedImage.TYPE_INT_RGB);
        for (int place = 0; place < positions; place++) {
            int colour = 0;
            for (int channel = 0; channel < 3; channel++) {
                int own = Math.min(channel, dataset.channels() - 1); // grey has one for all three
                float value = weights.at(from + own * positions + place);
                int level = most > least ? Math.round(WHITE * (value - least) / (most - least)) : 0;
                colour = colour << 8 | level;
            }
            picture.setRGB(place % dataset.width(), place / dataset.width(), colour);
        }
        return picture;
    }
}
