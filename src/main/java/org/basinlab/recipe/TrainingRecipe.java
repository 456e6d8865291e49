package org.basinlab.recipe;

/**
 * How a network is trained, without its seed.
 *
 * @param epochs passes over the training images, 1 to 10,000
 * @param batch images a step, 1 to 100,000; the last batch of an epoch may be smaller
 */
public record TrainingRecipe(int epochs, int batch, Optimiser optimiser, Schedule schedule, Augmentation augmentation) {

    public static final int MOST_EPOCHS = 10_000;
    public static final int LARGEST_BATCH = 100_000;

    /** The most values, inputs with them, that a network may compute of a batch: 2 GiB, a block of the engine's memory. */
    public static final int MOST_VALUES_OF_BATCH = Integer.MAX_VALUE / Float.BYTES;

    public TrainingRecipe {
        Ranges.requireBetween("epochs", epochs, 1, MOST_EPOCHS);
        Ranges.requireBetween("batch", batch, 1, LARGEST_BATCH);
    }
}
