package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SizesTest {

    @Test
    void bytes_are_written_in_powers_of_ten() {
        assertThat(Sizes.bytes(999)).isEqualTo("999 B");
        assertThat(Sizes.bytes(8_930_344)).isEqualTo("8.9 MB");
        assertThat(Sizes.bytes(14_300_000_000L)).isEqualTo("14.3 GB");
    }

    @Test
    void times_are_written_as_a_clock() {
        assertThat(Sizes.clock(Duration.ofSeconds(65))).isEqualTo("1:05");
        assertThat(Sizes.clock(Duration.ofSeconds(7_265))).isEqualTo("2:01:05");
        assertThat(Sizes.clock(Duration.ofSeconds(-3))).isEqualTo("0:00");
    }
}
