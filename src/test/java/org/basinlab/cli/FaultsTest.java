package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void a_message_for_the_user_is_found_under_what_wraps_it() {
        Throwable wrapped = new RuntimeException("Failed to start", new UnusableException("the disk must have room"));

        assertThat(Faults.message(wrapped)).isEqualTo("the disk must have room");
        assertThat(Faults.exitCode(wrapped)).isEqualTo(3);
    }

    @Test
    void a_mistake_of_the_caller_is_2_and_the_database_3_and_anything_else_1() {
        assertThat(Faults.exitCode(new UsageException("x"))).isEqualTo(2);
        assertThat(Faults.exitCode(new IllegalArgumentException("x"))).isEqualTo(1);
        assertThat(Faults.exitCode(new IllegalStateException(new SQLException("x"))))
                .isEqualTo(3);
        assertThat(Faults.exitCode(new IllegalStateException("x"))).isEqualTo(1);
    }

    @Test
    void what_we_wrote_goes_before_what_caused_it() {
        Throwable fault =
                new IllegalArgumentException("a.yaml must be UTF-8 text", new RuntimeException("Input length = 2"));

        assertThat(Faults.message(fault)).isEqualTo("a.yaml must be UTF-8 text");
    }

    @Test
    void what_was_not_foreseen_is_named_by_its_kind() {
        assertThat(Faults.message(new NullPointerException())).isEqualTo("NullPointerException");
        assertThat(Faults.message(new ArithmeticException("/ by zero"))).isEqualTo("ArithmeticException: / by zero");
    }
}
