package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.basinlab.ledger.Heartbeats;
import org.junit.jupiter.api.Test;

class HeldTest {

    private static Held held() {
        Held held = new Held(DoneFileTest.lease(1));
        held.begin(AttemptTime.UNLIMITED);
        return held;
    }

    @Test
    void a_task_stops_by_itself_when_others_may_have_it() {
        Held held = held();
        held.keepUntil(System.nanoTime() - 1);

        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> held.at(0.5))
                .withMessage("the lease was lost");
        assertThat(held.isLost()).isTrue();
        assertThat(held.ranOut()).isTrue();
    }

    @Test
    void a_task_that_is_in_other_hands_does_not_say_that_the_store_was_away() {
        Held held = held();
        held.lose();

        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> held.at(0.5));
        assertThat(held.ranOut()).isFalse();
    }

    @Test
    void a_task_whose_lease_is_kept_goes_on() {
        Held held = held();
        held.keepUntil(System.nanoTime() + Duration.ofMinutes(1).toNanos());

        held.at(0.5);

        assertThat(held.fraction()).isEqualTo(0.5);
    }

    @Test
    void a_task_that_takes_too_long_or_does_not_get_on_says_which() {
        long second = 1_000_000_000;
        AttemptTime most = new AttemptTime(Optional.of(Duration.ofSeconds(60)), Optional.of(Duration.ofSeconds(5)));

        assertThat(most.exceeded(61 * second, 0)).contains("it must end within 60 s (limits.run)");
        assertThat(most.exceeded(10 * second, 6 * second)).contains("it must get on within 5 s (limits.silence)");
        assertThat(most.exceeded(60 * second, 5 * second)).isEmpty();
        assertThat(AttemptTime.UNLIMITED.exceeded(Long.MAX_VALUE, Long.MAX_VALUE))
                .isEmpty();
    }

    @Test
    void only_what_grows_is_progress() {
        Held held = new Held(DoneFileTest.lease(1));
        held.begin(new AttemptTime(Optional.empty(), Optional.of(Duration.ZERO)));

        assertThatExceptionOfType(TimeLimitException.class).isThrownBy(() -> {
            held.at(0.1);
            held.at(0.1);
        });
    }

    @Test
    void a_task_that_waits_for_its_turn_or_its_hand_in_is_not_overdue() {
        Held held = new Held(DoneFileTest.lease(1));

        assertThat(held.overdue()).isEmpty();
        held.begin(new AttemptTime(Optional.of(Duration.ZERO), Optional.empty()));
        assertThat(held.overdue()).isPresent();
        held.end();
        assertThat(held.overdue()).isEmpty();
    }

    @Test
    void a_task_that_waits_for_its_turn_is_not_silent_and_its_beginning_is_told_as_progress() {
        Held held = new Held(DoneFileTest.lease(1));
        held.told(held.sign());
        Heartbeats.Sign waits = held.sign();
        held.told(waits);
        held.begin(AttemptTime.UNLIMITED);
        Heartbeats.Sign begins = held.sign();
        held.told(begins);
        Heartbeats.Sign silent = held.sign();

        assertThat(waits.begun()).isFalse();
        assertThat(waits.moved()).isTrue();
        assertThat(begins.begun()).isTrue();
        assertThat(begins.moved()).isTrue();
        assertThat(silent.moved()).isFalse();
    }

    @Test
    void lines_that_were_told_twice_take_no_other_with_them() {
        Held held = held();
        held.says("epoch 1 of 2");
        Heartbeats.Sign one = held.sign();
        Heartbeats.Sign other = held.sign();
        held.told(one);
        held.says("epoch 1 of 2");

        held.told(other);

        assertThat(held.sign().lines()).hasSize(1);
    }

    @Test
    void lines_are_told_once_and_kept_until_they_were_heard() {
        Held held = held();
        held.says("epoch 1 of 2");
        Heartbeats.Sign unheard = held.sign();
        held.says("epoch 2 of 2");
        Heartbeats.Sign heard = held.sign();

        held.told(heard);

        assertThat(unheard.lines()).hasSize(1);
        assertThat(heard.lines()).hasSize(2);
        assertThat(held.sign().lines()).isEmpty();
    }
}
