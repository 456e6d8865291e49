package org.basinlab.dataset;

import java.util.Set;
import java.util.stream.IntStream;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Subset;

/** Draws parts of a set of images. */
public final class Subsets {

    private Subsets() {}

    /**
     * The images of one part of a draw, rising.
     *
     * <p>The images of the favoured classes and the others are two strata; of each exactly
     * {@link Subset#drawn(double, int)} images are drawn: all images are put in random order (Fisher and Yates, by the
     * seed), and of each stratum the first are taken. So with one seed the images drawn by a smaller fraction are among
     * those of a larger one, and {@code drawn} and {@code rest} are disjoint and together all images.
     *
     * @param seed of the draw; that of {@code subset} is left to the caller
     * @return indices of {@code images}
     * @throws IllegalArgumentException if the part is empty, or a favoured class is none of the set's
     */
    public static int[] draw(ImageSet images, Subset subset, long seed) {
        Set<Integer> favoured =
                subset.favoured().map(some -> Set.copyOf(some.classes())).orElse(Set.of());
        favoured.stream().filter(label -> label >= images.classes()).findAny().ifPresent(label -> {
            throw new IllegalArgumentException(
                    "a favoured class must lie in [0, %d], was %d".formatted(images.classes() - 1, label));
        });
        int all = images.count();
        int ofFavoured = (int) IntStream.range(0, all)
                .filter(image -> favoured.contains(images.label(image)))
                .count();
        int favouredLeft = subset.favoured()
                .map(some -> Subset.drawn(some.fraction(), ofFavoured))
                .orElse(0);
        int othersLeft = Subset.drawn(subset.fraction(), all - ofFavoured);
        boolean[] taken = new boolean[all];
        for (int image : Seeds.shuffled(all, Seeds.generator(seed))) {
            if (favoured.contains(images.label(image))) {
                taken[image] = favouredLeft-- > 0;
            } else {
                taken[image] = othersLeft-- > 0;
            }
        }
        boolean wanted = subset.part() == Subset.Part.DRAWN;
        int[] part =
                IntStream.range(0, all).filter(image -> taken[image] == wanted).toArray();
        if (part.length == 0) {
            throw new IllegalArgumentException(
                    "a subset must have at least one of the %d images, had none".formatted(all));
        }
        return part;
    }
}
