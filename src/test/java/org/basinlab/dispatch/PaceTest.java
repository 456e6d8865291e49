package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.MergeStep;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace();

    private static Lease merge(double flops) {
        TaskSpec spec = new TaskSpec.Merge(new MergeStep.Mean(), 1);
        return new Lease(
                new UUID(0, 1), 1, 1, 0, new UUID(0, 2), "study", spec, flops, Optional.empty(), List.of());
    }

    @Test
    void a_claim_is_worth_about_a_second_and_no_more_than_64_tasks() {
        pace.took(merge(1e6), Duration.ofMillis(100));
        int tenths = pace.ask();
        pace.took(merge(1e3), Duration.ofNanos(1_000));
        int tiny = pace.ask();
        pace.took(merge(1e9), Duration.ofSeconds(5));
        int long_ = pace.ask();

        assertThat(List.of(tenths, tiny, long_)).containsExactly(10, 64, 1);
    }

    @Test
    void of_work_that_was_not_seen_yet_one_is_taken() {
        assertThat(pace.ask()).isEqualTo(1);
        pace.took(merge(1e3), Duration.ofNanos(1_000));

        assertThat(pace.worth(merge(1e9))).isEqualTo(1);
        assertThat(pace.worth(merge(1e3))).isEqualTo(64);
    }

    @Test
    void the_mean_follows_what_changes() {
        pace.took(merge(1e6), Duration.ofMillis(10));
        for (int i = 0; i < 30; i++) {
            pace.took(merge(1e6), Duration.ofMillis(500));
        }

        assertThat(pace.ask()).isEqualTo(2);
    }
}
