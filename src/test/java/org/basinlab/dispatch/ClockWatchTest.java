package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClockWatchTest {

    @Test
    void two_seconds_off_are_borne_and_more_is_said() {
        assertThat(ClockWatch.complaint(10_000, 8_000, 10_100)).isEmpty();
        assertThat(ClockWatch.complaint(10_000, 12_100, 10_100)).isEmpty();
        assertThat(ClockWatch.complaint(10_000, 7_000, 10_100).orElseThrow()).contains("it is 3.0 s ahead");
        assertThat(ClockWatch.complaint(10_000, 70_100, 10_100).orElseThrow()).contains("it is 60.0 s behind");
    }

    @Test
    void a_slow_answer_is_no_complaint() {
        assertThat(ClockWatch.complaint(10_000, 30_000, 60_000)).isEmpty();
    }
}
