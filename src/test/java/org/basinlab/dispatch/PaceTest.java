package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.recipe.MergeStep;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();

    private static Lease of(TaskSpec spec, String shape) {
        return new Lease(new UUID(0, 1), 1, 1, 0, new UUID(0, 2), "study", spec, 1, Optional.empty(), List.of(), shape);
    }

    private static Lease merge(String shape) {
        return of(new TaskSpec.Merge(new MergeStep.Mean(), 1), shape);
    }

    @Test
    void a_claim_is_worth_about_a_second_and_no_more_than_64_tasks() {
        pace.took(merge("tenths"), Duration.ofMillis(100));
        pace.took(merge("tiny"), Duration.ofNanos(1_000));
        pace.took(merge("long"), Duration.ofSeconds(5));

        assertThat(pace.worth()).isEqualTo(Map.of("tenths", 10, "tiny", 64));
        assertThat(pace.worth(merge("long"))).isEqualTo(1);
    }

    @Test
    void of_work_that_was_not_seen_yet_and_of_trainings_one_is_taken() {
        TaskSpec train = LedgerFixture.single(1).arms().stream()
                .map(arm -> new TaskSpec.Train(arm.dataset(), arm.network(), arm.training(), 1))
                .findFirst()
                .orElseThrow();

        pace.took(of(train, "train"), Duration.ofNanos(1_000));

        assertThat(pace.worth()).isEmpty();
        assertThat(pace.worth(merge("new"))).isEqualTo(1);
    }

    @Test
    void the_mean_follows_what_changes() {
        pace.took(merge("changing"), Duration.ofMillis(10));
        for (int i = 0; i < 30; i++) {
            pace.took(merge("changing"), Duration.ofMillis(400));
        }

        assertThat(pace.worth()).isEqualTo(Map.of("changing", 2));
    }
}
