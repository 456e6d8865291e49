package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;

/** All connections of a server to its store are taken. */
@QuarkusTest
@TestProfile(FewConnections.class)
@QuarkusTestResource(StoreForTests.class)
class NoConnectionLeftTest {

    @Inject
    DataSource database;

    @Test
    void who_asks_is_told_to_ask_again_and_served_when_one_is_free() throws Exception {
        List<Connection> taken = new ArrayList<>();
        Response refused;
        Response submitted;
        try {
            for (int i = 0; i < FewConnections.CONNECTIONS; i++) {
                taken.add(database.getConnection());
            }

            refused = given().get("/api/studies");
            submitted = Asking.with("""
                    study: no-connection
                    probe: { shape: wide, tasks: 1 }
                    """).post("/api/studies");
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
        Response served = given().get("/api/studies?match=no-connection");

        for (Response one : List.of(refused, submitted)) {
            assertThat(one.statusCode()).as(one.asString()).isEqualTo(503);
            assertThat(one.header("Retry-After")).isEqualTo("5");
            assertThat(one.contentType()).startsWith("application/problem+json");
            assertThat(one.jsonPath().getString("detail")).contains("ask again");
        }
        assertThat(served.statusCode()).as(served.asString()).isEqualTo(200);
        assertThat(served.jsonPath().getList("items")).isEmpty();
    }
}
