package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    @Test
    void many_slots_together_ask_at_most_twenty_times_a_second() {
        RetryBudget budget = new RetryBudget();
        List<Duration> waits = new ArrayList<>();

        for (int slot = 0; slot < 200; slot++) {
            waits.add(budget.turn(1));
        }

        assertThat(waits.get(199)).isGreaterThan(Duration.ofMillis(9_500));
    }

    @Test
    void waits_grow_to_seconds_and_half_of_each_is_chance() {
        List<Duration> last = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            last.add(new RetryBudget().turn(50));
        }

        assertThat(new RetryBudget().turn(1)).isBetween(Duration.ofMillis(45), Duration.ofMillis(100));
        assertThat(last).allMatch(wait -> wait.toMillis() >= 1_490 && wait.toMillis() <= 3_000);
        assertThat(last.stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void those_who_wait_for_the_same_do_not_wake_together() {
        RetryBudget budget = new RetryBudget();
        List<Duration> about = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            about.add(budget.about(Duration.ofSeconds(4)));
        }

        assertThat(about).allMatch(wait -> wait.toMillis() >= 3_000 && wait.toMillis() <= 5_000);
        assertThat(about.stream().distinct().count()).isGreaterThan(10);
    }
}
