package org.basinlab.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreOutageTest {

    @ParameterizedTest
    @CsvSource({
        "08001, Connection refused, 503",
        "08006, An I/O error occurred, 503",
        "57P01, terminating connection due to administrator command, 503",
        "57P03, the database system is starting up, 503",
        ", Acquisition timeout while waiting for new connection, 503",
        ", anything else, 500",
        "57014, canceling statement due to statement timeout, 500",
        "42P01, relation does not exist, 500",
        "53100, No space left on device, 500"
    })
    void a_store_that_cannot_be_reached_is_a_reason_to_ask_again(String state, String message, int status) {
        Throwable fault = new IllegalStateException(
                "the store cannot be read", new RuntimeException(new SQLException(message, state)));

        Response answer = new ProblemMapper(null).toResponse(fault);

        assertThat(answer.getStatus()).isEqualTo(status);
        assertThat(answer.getHeaderString("Retry-After")).isEqualTo(status == 503 ? "5" : null);
        assertThat(answer.getMediaType()).hasToString("application/problem+json");
        assertThat((String) answer.getEntity()).doesNotContain(message);
    }
}
