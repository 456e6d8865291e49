package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.dataset.DataSets;
import org.basinlab.dataset.Dataset;
import org.basinlab.dataset.ImageSet;
import org.basinlab.dataset.Subsets;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Augmentation;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Normalisation;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Schedule;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.Subset;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

class TrainingImagesTest {

    private static final Dataset DATA = new DataSets(List.of()).open(KnownDataset.SYNTHETIC_SHAPES);
    private static final Normalisation HALF = new Normalisation.Named(Normalisation.Choice.HALF);
    private static final Subset TENTH = new Subset(0.1, Optional.empty(), Optional.empty(), Subset.Part.DRAWN);
    private static final Subset TENTH_BY_SEED = new Subset(0.1, Optional.empty(), Optional.of(7L), Subset.Part.DRAWN);

    private static TrainingImages images(Augmentation augmentation, Optional<Subset> subset, long seed) {
        TrainingRecipe plain = new TrainingRecipe(1, 100, new Optimiser.Sgd(0.1, 0), Schedule.CONSTANT, augmentation);
        return new TrainingImages(
                DATA,
                new TaskSpec.Train(
                        new DatasetRef(KnownDataset.SYNTHETIC_SHAPES, HALF, Optional.empty()),
                        new Architecture.Mlp(3072, List.of(2), 10),
                        subset.map(plain::withSubset).orElse(plain),
                        seed));
    }

    private static float[] pixels(Examples examples, int... order) {
        float[] pixels = new float[order.length * examples.inputs()];
        examples.fill(order, 0, order.length, FloatBuffer.wrap(pixels));
        return pixels;
    }

    @Test
    void a_plain_recipe_sees_all_images_as_they_are() {
        TrainingImages images = images(Augmentation.NONE, Optional.empty(), 1);
        Examples all = NormalisedImages.of(DATA.split(Split.TRAIN), DATA.resolve(HALF), Optional.empty());

        Examples seen = images.ofEpoch(3);

        assertThat(images.count()).isEqualTo(10_000);
        assertThat(seen.count()).isEqualTo(10_000);
        assertThat(seen.inputs()).isEqualTo(3_072);
        assertThat(seen.label(1_234)).isEqualTo(all.label(1_234));
        assertThat(pixels(seen, 5, 9_999)).isEqualTo(pixels(all, 5, 9_999));
    }

    @Test
    void a_subset_s_examples_are_its_images_with_their_labels() {
        ImageSet train = DATA.split(Split.TRAIN);
        int[] drawn = Subsets.draw(train, TENTH_BY_SEED, 7);
        Examples all = NormalisedImages.of(train, DATA.resolve(HALF), Optional.empty());

        Examples seen = images(Augmentation.NONE, Optional.of(TENTH_BY_SEED), 1).ofEpoch(1);

        assertThat(seen.count()).isEqualTo(1_000);
        assertThat(IntStream.range(0, 1_000).map(seen::label).toArray())
                .isEqualTo(Arrays.stream(drawn).map(train::label).toArray());
        assertThat(pixels(seen, 999, 0)).isEqualTo(pixels(all, drawn[999], drawn[0]));
    }

    @Test
    void a_draw_without_a_seed_is_the_training_s_own() {
        int[] drawn = Subsets.draw(DATA.split(Split.TRAIN), TENTH, Seeds.derive(4, "subset"));
        Examples all = NormalisedImages.of(DATA.split(Split.TRAIN), DATA.resolve(HALF), Optional.empty());

        Examples seen = images(Augmentation.NONE, Optional.of(TENTH), 4).ofEpoch(1);
        Examples other = images(Augmentation.NONE, Optional.of(TENTH), 5).ofEpoch(1);

        int[] ten = IntStream.range(0, 10).toArray();
        assertThat(pixels(seen, ten)).isEqualTo(pixels(all, Arrays.copyOf(drawn, 10)));
        assertThat(pixels(other, ten)).isNotEqualTo(pixels(seen, ten));
    }

    @Test
    void an_image_is_augmented_alike_whatever_the_subset_and_afresh_in_every_epoch() {
        int[] drawn = Subsets.draw(DATA.split(Split.TRAIN), TENTH_BY_SEED, 7);
        TrainingImages part = images(Augmentation.GIT_REBASIN, Optional.of(TENTH_BY_SEED), 1);
        TrainingImages whole = images(Augmentation.GIT_REBASIN, Optional.empty(), 1);

        float[] first = pixels(part.ofEpoch(1), 500);

        assertThat(first).isEqualTo(pixels(whole.ofEpoch(1), drawn[500]));
        assertThat(pixels(part.ofEpoch(1), 500)).isEqualTo(first);
        assertThat(pixels(part.ofEpoch(2), 500)).isNotEqualTo(first);
        assertThat(pixels(
                        images(Augmentation.GIT_REBASIN, Optional.of(TENTH_BY_SEED), 2)
                                .ofEpoch(1),
                        500))
                .isNotEqualTo(first);
    }
}
