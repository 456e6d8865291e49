package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
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

    @Test
    void a_fault_of_ours_is_no_outage() {
        assertThat(Outage.isOfTheStore(new NullPointerException())).isFalse();
        assertThat(Outage.isOfTheStore(new IllegalStateException(new SQLException("x", "23514"))))
                .isFalse();
        assertThat(Outage.isOfTheStore(new IllegalStateException(new SQLException("x", "57P01"))))
                .isTrue();
        assertThat(Outage.isOfTheStore(new SQLException("Sorry, acquisition timeout!")))
                .isTrue();
        assertThat(Outage.isDiskFull(new RuntimeException(new SQLException("x", "53100"))))
                .isTrue();
    }

    @Test
    void a_message_that_quotes_a_whole_statement_is_cut() {
        assertThat(Outage.rootMessage(new IllegalStateException("x".repeat(100_000))))
                .hasSizeLessThan(600);
    }

    @Test
    void a_store_that_is_down_is_down_for_everybody_and_a_cut_network_may_be_ours() {
        assertThat(Outage.isDown(new IllegalStateException(
                        new SQLException("refused", "08001", new ConnectException("Connection refused")))))
                .isTrue();
        assertThat(Outage.isDown(new SQLException("the database system is starting up", "57P03")))
                .isTrue();
        assertThat(Outage.isDown(new SQLException("terminating connection due to administrator command", "57P01")))
                .as("of one connection")
                .isFalse();
        assertThat(Outage.isDown(new IllegalStateException(
                        new SQLException("timed out", "08001", new SocketTimeoutException("Connect timed out")))))
                .isFalse();
        assertThat(Outage.isDown(new SQLException("too many clients", "53300"))).isFalse();
    }
}
