package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.RollbackException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreFaultTest {

    @ParameterizedTest
    @CsvSource({
        "08006, true, true, false, false",
        "57P01, true, true, false, false",
        "53300, true, true, false, false",
        "53100, true, true, false, false",
        ", true, true, false, false",
        "40P01, false, true, true, false",
        "40001, false, true, true, false",
        "23505, false, false, true, true",
        "23514, false, false, false, false",
        "57014, false, false, false, false"
    })
    void a_state_says_what_may_be_tried_again(
            String state, boolean away, boolean passing, boolean collision, boolean sameKey) {
        Throwable fault = new IllegalStateException(new RuntimeException(new SQLException("x", state)));

        assertThat(StoreFault.isAway(fault)).isEqualTo(away);
        assertThat(StoreFault.isPassing(fault)).isEqualTo(passing);
        assertThat(StoreFault.isCollision(fault)).isEqualTo(collision);
        assertThat(StoreFault.isSameKey(fault)).isEqualTo(sameKey);
    }

    @Test
    void a_fault_of_ours_is_none_of_the_store() {
        Throwable fault = new IllegalStateException(new NullPointerException());

        assertThat(StoreFault.isPassing(fault)).isFalse();
        assertThat(StoreFault.isCollision(fault)).isFalse();
        assertThat(StoreFault.isDown(fault)).isFalse();
    }

    @Test
    void a_commit_that_the_store_did_not_hear_may_be_tried_again() {
        RollbackException lost = new RollbackException("ARJUNA016053: Could not commit transaction.");
        RollbackException cut = new RollbackException("ARJUNA016053: Could not commit transaction.");
        cut.addSuppressed(new XAException("rolled back"));
        cut.getSuppressed()[0].initCause(new SQLException("terminating connection", "57P01"));
        RollbackException refused = new RollbackException("ARJUNA016053: Could not commit transaction.");
        refused.addSuppressed(new SQLException("violates a constraint", "23514"));

        assertThat(StoreFault.isPassing(new IllegalStateException(lost))).isTrue();
        assertThat(StoreFault.isPassing(new IllegalStateException(cut))).isTrue();
        assertThat(StoreFault.isPassing(new IllegalStateException(refused))).isFalse();
    }

    @Test
    void a_full_disk_is_told_from_other_want() {
        assertThat(StoreFault.isDiskFull(new RuntimeException(new SQLException("x", "53100"))))
                .isTrue();
        assertThat(StoreFault.isDiskFull(new RuntimeException(new SQLException("x", "53300"))))
                .isFalse();
    }

    @Test
    void the_message_is_that_of_the_last_cause() {
        assertThat(StoreFault.rootMessage(
                        new IllegalStateException("cannot claim", new RuntimeException("Connection refused"))))
                .isEqualTo("Connection refused");
        assertThat(StoreFault.rootMessage(new IllegalStateException("alone"))).isEqualTo("alone");
    }

    @Test
    void a_message_that_quotes_a_whole_statement_is_cut() {
        assertThat(StoreFault.rootMessage(new IllegalStateException("x".repeat(100_000))))
                .hasSizeLessThan(600);
    }

    @Test
    void a_store_that_is_down_is_down_for_everybody_and_a_cut_network_may_be_ours() {
        assertThat(StoreFault.isDown(new IllegalStateException(
                        new SQLException("refused", "08001", new ConnectException("Connection refused")))))
                .isTrue();
        assertThat(StoreFault.isDown(new SQLException("the database system is starting up", "57P03")))
                .isTrue();
        assertThat(StoreFault.isDown(new SQLException("terminating connection due to administrator command", "57P01")))
                .as("of one connection")
                .isFalse();
        assertThat(StoreFault.isDown(new IllegalStateException(
                        new SQLException("timed out", "08001", new SocketTimeoutException("Connect timed out")))))
                .isFalse();
        assertThat(StoreFault.isDown(new SQLException("too many clients", "53300")))
                .isFalse();
    }
}
