package org.basinlab.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingRecipeTest {

    private static final Optimiser SGD = new Optimiser.Sgd(0.1, 0.9);

    private static TrainingRecipe recipe(int epochs, Schedule schedule) {
        return new TrainingRecipe(epochs, 500, SGD, schedule, Augmentation.NONE);
    }

    @Test
    void a_recipe_of_the_first_version_keeps_its_text_and_so_the_work_that_was_done_by_it() {
        String text = CanonicalJson.write(recipe(6, Schedule.COSINE));

        assertThat(text)
                .isEqualTo("{\"augmentation\":\"none\",\"batch\":500,\"epochs\":6,"
                        + "\"optimiser\":{\"sgd\":{\"learningRate\":0.1,\"momentum\":0.9}},\"schedule\":\"cosine\"}");
        assertThat(CanonicalJson.read(text, TrainingRecipe.class)).isEqualTo(recipe(6, Schedule.COSINE));
    }

    @Test
    void every_part_of_a_recipe_comes_back_from_its_text() {
        TrainingRecipe full = new TrainingRecipe(
                        9,
                        128,
                        new Optimiser.AdamW(Optimiser.Adam.withDefaults(0.001), 0.05),
                        new Schedule.MultiStep(List.of(3, 6), 0.2),
                        Augmentation.GIT_REBASIN)
                .withWarmUp(new WarmUp(2, 1e-5))
                .withPenalty(new Penalty(1e-5, 5e-4))
                .withSubset(new Subset(
                        0.2,
                        Optional.of(new Subset.Favoured(List.of(0, 1, 2), 0.8)),
                        Optional.of(3L),
                        Subset.Part.REST))
                .startingFrom("0".repeat(64))
                .withSnapshotEvery(50);

        assertThat(CanonicalJson.read(CanonicalJson.write(full), TrainingRecipe.class))
                .isEqualTo(full);
        List.of(
                        new TrainingRecipe(
                                1,
                                1,
                                new Optimiser.Sgd(1, 0.5, true),
                                new Schedule.Cosine(Schedule.Tick.STEP),
                                Augmentation.CROP_FLIP),
                        recipe(1, Schedule.CONSTANT))
                .forEach(recipe -> assertThat(CanonicalJson.read(CanonicalJson.write(recipe), TrainingRecipe.class))
                        .isEqualTo(recipe));
    }

    @Test
    void the_rate_follows_the_schedule() {
        TrainingRecipe cosine = recipe(4, Schedule.COSINE);
        TrainingRecipe smooth = recipe(4, new Schedule.Cosine(Schedule.Tick.STEP));
        TrainingRecipe stepped = recipe(9, new Schedule.MultiStep(List.of(2, 5), 0.1));

        assertThat(cosine.learningRate(2, 7, 10)).isCloseTo(0.05, within(1e-15));
        assertThat(smooth.learningRate(1, 5, 10)).isCloseTo(0.05 * (1 + Math.cos(Math.PI * 1.5 / 4)), within(1e-15));
        assertThat(stepped.learningRate(1, 9, 10)).isEqualTo(0.1);
        assertThat(stepped.learningRate(2, 0, 10)).isCloseTo(0.01, within(1e-15));
        assertThat(stepped.learningRate(8, 0, 10)).isCloseTo(0.001, within(1e-15));
    }

    @Test
    void a_warm_up_grows_step_by_step_and_the_cosine_starts_where_it_ends() {
        TrainingRecipe recipe = recipe(5, Schedule.COSINE).withWarmUp(new WarmUp(1, 0.5));

        assertThat(recipe.learningRate(0, 0, 4)).isCloseTo(0.05, within(1e-15));
        assertThat(recipe.learningRate(0, 2, 4)).isCloseTo(0.075, within(1e-15));
        assertThat(recipe.learningRate(1, 0, 4)).isEqualTo(0.1);
        assertThat(recipe.learningRate(3, 0, 4)).isCloseTo(0.05, within(1e-15));
    }

    @Test
    void what_cannot_be_meant_is_refused() {
        assertThatThrownBy(() -> recipe(2, Schedule.COSINE).withWarmUp(new WarmUp(2, 0)))
                .hasMessage("epochs of the warm-up must lie in [1, 1], was 2");
        assertThatThrownBy(() -> new Optimiser.Sgd(0.1, 0, true)).hasMessage("nesterov needs a momentum above 0");
        assertThatThrownBy(() -> new Penalty(0, 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Schedule.MultiStep(List.of(5, 5), 0.1))
                .hasMessage("an epoch of a multi-step schedule must lie in [6, 10000], was 5");
        assertThatThrownBy(() -> recipe(1, Schedule.CONSTANT).startingFrom("abc"))
                .hasMessageContaining("64 lower-case hexadecimal digits");
        assertThatThrownBy(() -> CanonicalJson.read("{\"linear\":{}}", Schedule.class))
                .hasMessageContaining("constant, cosine or multi-step");
    }
}
