package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {

    private static RuntimeException refused() {
        return new IllegalStateException("cannot claim", new RuntimeException("Connection refused"));
    }

    @Test
    void an_outage_that_is_too_long_names_its_cause() {
        Outage outage = new Outage(Duration.ZERO);
        outage.goesOn(refused());

        assertThat(outage.goesOn(refused()))
                .hasValueSatisfying(gone -> assertThat(gone)
                        .hasMessageContaining("the store must answer, it did not for 0 seconds: Connection refused"));
    }

    @Test
    void a_short_outage_is_no_reason_to_give_up() {
        assertThat(new Outage(Duration.ofHours(1)).goesOn(refused())).isEmpty();
    }

    @Test
    void two_short_outages_are_not_a_long_one() throws InterruptedException {
        Outage outage = new Outage(Duration.ofMillis(200));
        outage.goesOn(refused());
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 250_000_000) {
            Thread.onSpinWait();
        }

        outage.isOver();

        assertThat(outage.goesOn(refused())).isEmpty();
    }
}
