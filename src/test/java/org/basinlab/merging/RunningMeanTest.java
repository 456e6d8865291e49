package org.basinlab.merging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.evaluation.Score;
import org.basinlab.matching.ReferenceNetworks;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Repair;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.StopRule;
import org.junit.jupiter.api.Test;

class RunningMeanTest {

    private static final Architecture.Mlp SMALL = new Architecture.Mlp(20, List.of(16, 12, 8), 5);
    private static final ArrayExamples EXAMPLES = ArrayExamples.clusters(1_100, 20, 5, 2);
    private static final List<Weights> INPUTS = List.of(
            ReferenceNetworks.random(SMALL, 1),
            ReferenceNetworks.random(SMALL, 2),
            ReferenceNetworks.random(SMALL, 3),
            ReferenceNetworks.random(SMALL, 4));

    private static MergeStep.Many many(Rounds rounds) {
        return new MergeStep.Many(new Matching.Weight(), rounds, StopRule.L2);
    }

    private static double loss(MergeStep step, long seed) {
        Weights merged = Merging.merge(step, INPUTS, seed, Progress.UNWATCHED).weights();
        return Score.of(merged, EXAMPLES, Progress.UNWATCHED).loss();
    }

    @Test
    void it_begins_at_the_plain_mean_and_ends_at_the_merge_to_the_bit() {
        for (long seed = 0; seed < 5; seed++) {
            MergeStep.Many step = many(Rounds.CONVERGED);
            int rounds = Merging.merge(step, INPUTS, seed, Progress.UNWATCHED)
                    .report()
                    .rounds();

            List<Double> losses = RunningMean.losses(step, INPUTS, seed, EXAMPLES, Progress.UNWATCHED);

            assertThat(losses).hasSize(rounds + 1);
            assertThat(losses.get(0)).isEqualTo(loss(new MergeStep.Mean(), seed));
            assertThat(losses.get(rounds)).isEqualTo(loss(step, seed));
        }
    }

    @Test
    void after_each_round_it_is_the_merge_that_ends_there() {
        List<Double> losses = RunningMean.losses(many(new Rounds(3)), INPUTS, 7, EXAMPLES, Progress.UNWATCHED);

        for (int rounds = 1; rounds <= 3; rounds++) {
            assertThat(losses.get(rounds)).isEqualTo(loss(many(new Rounds(rounds)), 7));
        }
    }

    @Test
    void the_means_on_the_way_are_those_of_the_merge() {
        List<Weights> means = new ArrayList<>();
        MergeStep.Many step = many(Rounds.CONVERGED);

        Merging.watched(step, INPUTS, 3, Progress.UNWATCHED, (rounds, now) -> means.add(Averages.mean(now.get())));

        Merged plain = Merging.merge(step, INPUTS, 3, Progress.UNWATCHED);
        assertThat(means.get(means.size() - 1).copy()).isEqualTo(plain.weights().copy());
    }

    @Test
    void means_are_repaired_where_the_merge_is() {
        MergeStep.Many step =
                new MergeStep.Many(new Matching.Weight(), new Rounds(2), StopRule.L2, Optional.of(Repair.REPAIR));
        Optional<MergeImages> images = Optional.of(new MergeImages(EXAMPLES));

        List<Double> losses = RunningMean.losses(step, INPUTS, 7, EXAMPLES, images, Progress.UNWATCHED);

        Weights merged =
                Merging.merge(step, INPUTS, 7, images, Progress.UNWATCHED).weights();
        assertThat(losses.get(2))
                .isEqualTo(Score.of(merged, EXAMPLES, Progress.UNWATCHED).loss())
                .isNotEqualTo(loss(many(new Rounds(2)), 7));
    }

    @Test
    void progress_rises_to_one() {
        List<Double> told = new ArrayList<>();

        RunningMean.losses(many(new Rounds(3)), INPUTS, 7, EXAMPLES, told::add);

        assertThat(told).isSorted().endsWith(1.0);
    }
}
