package org.basinlab.dataset;

import java.nio.FloatBuffer;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Seeds;

/**
 * Images that look a little different in every epoch, normalised while they are copied.
 *
 * <ul>
 *   <li>{@code none}: as they are.
 *   <li>{@code crop-flip}: {@value Crop#BORDER} black pixels around the image, a cut of its own size at one of the 9 × 9
 *       places, mirrored in half of the cases: torchvision's {@code RandomCrop(32, padding=4)} and
 *       {@code RandomHorizontalFlip()}.
 *   <li>{@code git-rebasin}: zoomed by 0.8–1.2, evenly in the logarithm; the frame anywhere in the larger image, or the
 *       smaller image anywhere in the frame; mirrored in half of the cases; turned evenly by up to ±30°; black outside,
 *       where pixels at the image's edge fade into it. This is what Git Re-Basin's code asks of the library augmax by
 *       {@code RandomSizedCrop(32, 32, zoom_range=(0.8, 1.2))}, {@code HorizontalFlip()} and {@code Rotate()}: the same
 *       distributions in the same order, as one affine map and one bilinear interpolation. It differs in the generator,
 *       and in that values are not rounded to levels of 0–255 on the way.
 * </ul>
 *
 * <p>An image's look depends on the seed, the epoch and its index in the set, and on nothing else: not on its place in a
 * batch, not on threads, not on the machine. Safe for many threads at once.
 */
public final class AugmentedImages {

    private static final String ROLE = "epoch";

    private final ImageSet images;
    private final Normalisation.Constants constants;
    private final Augmentation augmentation;
    private final long seed;

    public AugmentedImages(ImageSet images, Normalisation.Constants constants, Augmentation augmentation, long seed) {
        this.images = images;
        this.constants = constants;
        this.augmentation = augmentation;
        this.seed = seed;
    }

    public ImageSet images() {
        return images;
    }

    /**
     * Writes the images {@code order[from] … order[from + count − 1]} as they look in an epoch, at the buffer's position,
     * and moves it behind; form and errors as in
     * {@link ImageSet#fill(int[], int, int, Normalisation.Constants, FloatBuffer)}.
     *
     * @param epoch from 1
     */
    public void fill(int epoch, int[] order, int from, int count, FloatBuffer into) {
        images.fill(order, from, count, painter(Seeds.derive(seed, ROLE, epoch)), into);
    }

    private Painter painter(long seedOfEpoch) {
        float[][] tables = images.tables(constants);
        int height = images.height();
        int width = images.width();
        return switch (augmentation) {
            case NONE -> new PlainPainter(tables);
            case CROP_FLIP ->
                new CropPainter(tables, height, width, image -> Crop.draw(SplitMix.of(seedOfEpoch, image)));
            case GIT_REBASIN ->
                new AffinePainter(
                        tables,
                        height,
                        width,
                        image -> ZoomTurn.draw(height, width, SplitMix.of(seedOfEpoch, image))
                                .map(height, width));
        };
    }
}
