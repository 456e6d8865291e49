package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BellTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void a_ring_wakes_who_waits() throws Exception {
        Bell bell = new Bell();
        long heard = bell.rings();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> await(bell, heard));

        bell.ring();

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(bell.rings()).isEqualTo(heard + 1);
    }

    @Test
    void as_many_rings_as_wait_wake_all_and_so_does_one_for_all() throws Exception {
        Bell bell = new Bell();
        for (boolean forAll : new boolean[] {false, true}) {
            long heard = bell.rings();
            CompletableFuture<Void> one = CompletableFuture.runAsync(() -> await(bell, heard));
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> await(bell, heard));

            if (forAll) {
                bell.ringAll();
            } else {
                bell.ring();
                bell.ring();
            }

            CompletableFuture.allOf(one, other).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_thread_that_looks_for_work_next_wakes_nobody() {
        Bell bell = new Bell();

        bell.mute(bell::ring);
        assertThat(bell.rings()).isZero();

        bell.ring();
        assertThat(bell.rings()).isEqualTo(1);
    }

    @Test
    void a_ring_between_looking_and_waiting_is_not_missed() throws Exception {
        Bell bell = new Bell();
        long heard = bell.rings();

        bell.ring();

        CompletableFuture.runAsync(() -> await(bell, heard)).get(30, TimeUnit.SECONDS);
    }

    @Test
    void it_rings_by_itself_when_a_time_has_passed() throws Exception {
        Bell bell = new Bell();
        long heard = bell.rings();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> await(bell, heard));

        bell.ringAfter(Duration.ofMillis(20));
        bell.ringAfter(Duration.ofMillis(20));

        waiting.get(30, TimeUnit.SECONDS);
        assertThat(bell.rings()).isBetween(heard + 1, heard + 2);
    }

    @Test
    void times_that_passed_while_nobody_waited_are_one_ring() throws Exception {
        Bell bell = new Bell();
        for (int i = 0; i < 100; i++) {
            bell.ringAfter(Duration.ZERO);
        }

        bell.await(0, LONG);

        assertThat(bell.rings()).isEqualTo(1);
    }

    private static void await(Bell bell, long heard) {
        try {
            bell.await(heard, LONG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
