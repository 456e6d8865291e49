package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {

    private static final RuntimeException REFUSED =
            new IllegalStateException("cannot claim", new RuntimeException("Connection refused"));

    @Test
    void an_outage_that_is_too_long_names_its_cause() {
        Outage outage = new Outage(Duration.ZERO);
        outage.goesOn(REFUSED);

        assertThat(outage.goesOn(REFUSED))
                .hasValueSatisfying(gone -> assertThat(gone)
                        .hasMessageContaining("the store must answer, it did not for 0 seconds: Connection refused"));
    }

    @Test
    void a_short_outage_is_no_reason_to_give_up() {
        Outage outage = new Outage(Duration.ofHours(1));

        assertThat(outage.goesOn(REFUSED)).isEmpty();
        outage.isOver();
        assertThat(outage.goesOn(REFUSED)).isEmpty();
    }

    @Test
    void a_message_that_quotes_a_whole_statement_is_cut() {
        assertThat(Outage.rootMessage(new IllegalStateException("x".repeat(100_000))))
                .hasSizeLessThan(600);
    }
}
