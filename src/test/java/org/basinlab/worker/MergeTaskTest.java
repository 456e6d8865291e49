package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.basinlab.merging.MergeReport;
import org.basinlab.merging.Merged;
import org.basinlab.network.Initialisation;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Rounds;
import org.basinlab.recipe.StopRule;
import org.basinlab.workflow.Measurement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeTaskTest {

    private static List<Measurement> measured(MergeStep step, boolean converged) {
        Weights weights = Initialisation.pytorch(new Architecture.Mlp(3, List.of(2), 2), 1);
        MergeReport report = new MergeReport(12, 3, 40, 2, 1, converged);
        return MergeTask.measured(step, new Merged(weights, List.of(), List.of(0.5, 0.0, 0.5), report), 0.5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_merge_of_many_says_whether_it_met_its_stopping_rule(boolean converged) {
        MergeStep many = new MergeStep.Many(new Matching.Weight(), new Rounds(3), StopRule.L2);

        assertThat(measured(many, converged))
                .contains(Measurement.scalar("rounds", 3), Measurement.scalar("converged", converged ? 1 : 0));
    }

    @Test
    void a_greedy_soup_says_how_many_are_in_it() {
        assertThat(measured(new MergeStep.GreedySoup(new Matching.None(), Optional.empty()), true))
                .contains(Measurement.scalar("members", 2));
    }

    @Test
    void a_mean_has_no_rule_to_meet() {
        assertThat(measured(new MergeStep.Mean(), true))
                .containsExactly(Measurement.scalar("seconds", 0.5), Measurement.scalar("matchings", 12));
    }
}
