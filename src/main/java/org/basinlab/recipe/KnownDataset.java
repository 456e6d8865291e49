package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The data sets that a study can name, with what a plan must know of them before they are read. */
public enum KnownDataset {
    CIFAR10("cifar10", 3, 32, 32, 10, 50_000, 10_000),
    CIFAR100("cifar100", 3, 32, 32, 100, 50_000, 10_000),
    MNIST("mnist", 1, 28, 28, 10, 60_000, 10_000),
    FASHION_MNIST("fashion-mnist", 1, 28, 28, 10, 60_000, 10_000),
    SYNTHETIC_SHAPES("synthetic-shapes", 3, 32, 32, 10, 10_000, 2_000);

    private final String label;
    private final int channels;
    private final int height;
    private final int width;
    private final int classes;
    private final int trainImages;
    private final int testImages;

    KnownDataset(String label, int channels, int height, int width, int classes, int trainImages, int testImages) {
        this.label = label;
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.classes = classes;
        this.trainImages = trainImages;
        this.testImages = testImages;
    }

    public static Optional<KnownDataset> find(String label) {
        return Arrays.stream(values())
                .filter(known -> known.label.equals(label))
                .findFirst();
    }

    /** Its name in a specification. */
    @JsonValue
    public String label() {
        return label;
    }

    public int channels() {
        return channels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    public int classes() {
        return classes;
    }

    /** The size of one image. */
    public Extent extent() {
        return new Extent(channels, height, width);
    }

    /** Bytes of one image: channels × height × width. */
    public int pixels() {
        return channels * height * width;
    }

    public int images(Split split) {
        return split == Split.TRAIN ? trainImages : testImages;
    }
}
