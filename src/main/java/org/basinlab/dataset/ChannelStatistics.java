package org.basinlab.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;

/** Means and standard deviations of the channels of images. */
final class ChannelStatistics {

    private ChannelStatistics() {}

    /** The customary constants of a data set: to four digits those of its training images as it was published. */
    static Normalisation.Constants standard(KnownDataset name) {
        return switch (name) {
            case CIFAR10 ->
                new Normalisation.Constants(List.of(0.4914, 0.4822, 0.4465), List.of(0.2470, 0.2435, 0.2616));
            case CIFAR100 ->
                new Normalisation.Constants(List.of(0.5071, 0.4865, 0.4409), List.of(0.2673, 0.2564, 0.2762));
            case MNIST -> new Normalisation.Constants(List.of(0.1307), List.of(0.3081));
            case FASHION_MNIST -> new Normalisation.Constants(List.of(0.2860), List.of(0.3530));
            case SYNTHETIC_SHAPES ->
                new Normalisation.Constants(List.of(0.5004, 0.5005, 0.4995), List.of(0.1502, 0.1503, 0.1506));
        };
    }

    /** The same two numbers in every channel. */
    static Normalisation.Constants uniform(int channels, double mean, double std) {
        return new Normalisation.Constants(Collections.nCopies(channels, mean), Collections.nCopies(channels, std));
    }

    /**
     * Mean and population standard deviation of the pixels in [0, 1] of each channel, in double precision.
     *
     * <p>Taken from exact counts of the 256 levels in two passes, so that neither the order of images nor cancellation
     * plays a part.
     *
     * @throws DatasetException if a channel does not vary, for then it cannot be scaled
     */
    static Normalisation.Constants of(ImageSet images) {
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        for (long[] histogram : images.histograms()) {
            double mean = mean(histogram);
            double deviation = deviation(histogram, mean);
            if (deviation == 0) {
                throw new DatasetException(
                        "every channel of the training images must vary for normalisation 'train', channel %d does not"
                                .formatted(means.size()));
            }
            means.add(mean);
            deviations.add(deviation);
        }
        return new Normalisation.Constants(means, deviations);
    }

    private static double mean(long[] histogram) {
        long count = 0;
        long sum = 0;
        for (int level = 0; level < histogram.length; level++) {
            count += histogram[level];
            sum += level * histogram[level];
        }
        return sum / 255.0 / count;
    }

    private static double deviation(long[] histogram, double mean) {
        long count = 0;
        double squares = 0;
        for (int level = 0; level < histogram.length; level++) {
            double off = level / 255.0 - mean;
            count += histogram[level];
            squares += histogram[level] * off * off;
        }
        return Math.sqrt(squares / count);
    }
}
