package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.Subset;
import org.junit.jupiter.api.Test;

class SubsetsTest {

    private static final int IMAGES = 1_000;

    /** 700 images of class 0 and 75 each of classes 3 to 6, in turns. */
    private final ImageSet uneven = labelled(i -> i % 10 < 7 ? 0 : 3 + i / 10 % 4);

    private final ImageSet even = labelled(i -> i % 10);

    private static ImageSet labelled(IntUnaryOperator label) {
        int stride = 1 + KnownDataset.CIFAR10.pixels();
        byte[] records = new byte[IMAGES * stride];
        for (int i = 0; i < IMAGES; i++) {
            records[i * stride] = (byte) label.applyAsInt(i);
        }
        return new ImageSet(KnownDataset.CIFAR10, records);
    }

    private static Subset subset(double fraction, Subset.Part part) {
        return new Subset(fraction, Optional.empty(), Optional.empty(), part);
    }

    private static Subset biased(double fraction, List<Integer> classes, double ofThem, Subset.Part part) {
        return new Subset(fraction, Optional.of(new Subset.Favoured(classes, ofThem)), Optional.empty(), part);
    }

    @Test
    void drawn_and_rest_share_no_image_and_are_all_together() {
        for (Subset drawn :
                List.of(subset(0.5, Subset.Part.DRAWN), biased(0.2, List.of(0, 4), 0.8, Subset.Part.DRAWN))) {
            Subset rest = new Subset(drawn.fraction(), drawn.favoured(), drawn.seed(), Subset.Part.REST);

            int[] one = Subsets.draw(uneven, drawn, 7);
            int[] other = Subsets.draw(uneven, rest, 7);

            assertThat(one).isSorted().doesNotHaveDuplicates();
            assertThat(other).isSorted().doesNotHaveDuplicates();
            assertThat(IntStream.concat(Arrays.stream(one), Arrays.stream(other))
                            .sorted()
                            .toArray())
                    .isEqualTo(IntStream.range(0, IMAGES).toArray());
        }
    }

    @Test
    void each_stratum_gives_exactly_its_rounded_share() {
        int[] drawn = Subsets.draw(uneven, biased(0.305, List.of(3, 4), 0.83, Subset.Part.DRAWN), 1);

        // 150 images are of classes 3 and 4, 850 of others: 124.5 and 259.25
        assertThat(drawn).hasSize(125 + 259);
        assertThat(Arrays.stream(drawn).filter(image -> Set.of(3, 4).contains(uneven.label(image))))
                .hasSize(125);
    }

    @Test
    void a_recipe_knows_the_number_beforehand() {
        ImageSet shapes =
                new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES).split(Split.TRAIN);
        for (Subset.Part part : List.of(Subset.Part.DRAWN, Subset.Part.REST)) {
            for (double fraction : new double[] {0.00005, 0.12345, 0.5, 0.99994}) {
                Subset plain = subset(fraction, part);
                Subset favouring = biased(fraction, List.of(0, 7, 9), 1 - fraction, part);

                assertThat(Subsets.draw(shapes, plain, 3)).hasSize(plain.images(KnownDataset.SYNTHETIC_SHAPES));
                assertThat(Subsets.draw(shapes, favouring, 3)).hasSize(favouring.images(KnownDataset.SYNTHETIC_SHAPES));
            }
        }
    }

    @Test
    void a_larger_fraction_adds_to_the_images_of_a_smaller_one() {
        int[] few = Subsets.draw(even, subset(0.2, Subset.Part.DRAWN), 5);
        int[] more = Subsets.draw(even, subset(0.6, Subset.Part.DRAWN), 5);

        assertThat(more).contains(few);
    }

    @Test
    void equal_seeds_draw_equal_images_and_others_do_not() {
        Subset half = subset(0.5, Subset.Part.DRAWN);

        int[] drawn = Subsets.draw(even, half, 5);

        assertThat(Subsets.draw(even, half, 5)).isEqualTo(drawn);
        Set<Integer> other = Arrays.stream(Subsets.draw(even, half, 6)).boxed().collect(Collectors.toSet());
        // 250 are expected in both; the standard deviation of a hypergeometric draw is 7.9
        assertThat(Arrays.stream(drawn).filter(other::contains).count()).isBetween(210L, 290L);
    }

    @Test
    void every_image_is_drawn_about_as_often_as_its_fraction_says() {
        int[] times = new int[IMAGES];
        for (int seed = 0; seed < 400; seed++) {
            for (int image : Subsets.draw(even, biased(0.25, List.of(0), 0.75, Subset.Part.DRAWN), seed)) {
                times[image]++;
            }
        }

        for (int image = 0; image < IMAGES; image++) {
            double expected = 400 * (even.label(image) == 0 ? 0.75 : 0.25);
            assertThat((double) times[image]).isBetween(expected - 45, expected + 45); // 5 standard deviations
        }
    }

    @Test
    void an_empty_part_and_an_unknown_class_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subsets.draw(even, subset(1, Subset.Part.REST), 1))
                .withMessage("a subset must have at least one of the 1000 images, had none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Subsets.draw(even, biased(0, List.of(3, 10), 1, Subset.Part.DRAWN), 1))
                .withMessage("a favoured class must lie in [0, 9], was 10");
    }
}
