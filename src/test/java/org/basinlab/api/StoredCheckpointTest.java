package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints of several chunks, given up, or damaged. */
@QuarkusTest
@TestProfile(KnownHosts.class)
@QuarkusTestResource(StoreForTests.class)
class StoredCheckpointTest {

    private static final int CHUNK = 1 << 20;

    @Inject
    DataSource database;

    @ParameterizedTest
    @CsvSource({"0, 2621439", "1048570, 1048580", "1048576, 1048576", "1048575, 2097152", "2621439, 2621439"})
    void a_range_reaches_over_chunks(int from, int last) throws SQLException {
        byte[] bytes = bytes(1);
        String sha256 = keep(bytes, false, false);

        Response part =
                given().header("Range", "bytes=%d-%d".formatted(from, last)).get("/api/checkpoints/" + sha256);

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.asByteArray()).isEqualTo(Arrays.copyOfRange(bytes, from, last + 1));
    }

    @Test
    void several_chunks_are_one_file() throws SQLException {
        byte[] bytes = bytes(1);

        Response whole = given().get("/api/checkpoints/" + keep(bytes, false, false));

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.asByteArray()).isEqualTo(bytes);
    }

    @Test
    void what_was_given_up_is_gone() throws SQLException {
        Response gone = given().get("/api/checkpoints/" + keep(bytes(2), true, false));

        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(gone.contentType()).startsWith("application/problem+json");
        assertThat(gone.jsonPath().getString("detail")).contains("given up");
    }

    @Test
    void damage_is_never_sent_and_told_by_an_id_alone() throws SQLException {
        String sha256 = keep(bytes(3), false, true);

        Response damaged = given().get("/api/checkpoints/" + sha256);

        assertThat(damaged.statusCode()).isEqualTo(500);
        assertThat(damaged.contentType()).startsWith("application/problem+json");
        assertThat(damaged.header("ETag")).isNull();
        assertThat(damaged.jsonPath().getString("id")).hasSize(36);
        assertThat(damaged.jsonPath().getString("detail"))
                .contains(damaged.jsonPath().getString("id"));
        assertThat(damaged.asString()).doesNotContain("digest", "chunk", "Exception");
        assertThat(isNoted(sha256)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4, ''", "5, bytes=0-"})
    void chunks_that_changed_places_are_found_before_the_first_byte(long seed, String range) throws SQLException {
        String sha256 = keep(bytes(seed), false, false);
        change("""
                UPDATE ledger.checkpoint_chunk c
                   SET content = o.content, digest = o.digest
                  FROM ledger.checkpoint_chunk o
                 WHERE c.sha256 = ? AND o.sha256 = c.sha256 AND c.position < 2 AND o.position = 1 - c.position
                """, sha256);

        Response damaged = given().header("Range", range).get("/api/checkpoints/" + sha256);

        assertThat(damaged.statusCode()).isEqualTo(500);
        assertThat(damaged.contentType()).startsWith("application/problem+json");
        assertThat(damaged.header("ETag")).isNull();
        assertThat(damaged.header("Cache-Control")).isNull();
    }

    @Test
    void a_chunk_too_few_or_too_many_is_found_before_the_first_byte() throws SQLException {
        String fewer = keep(bytes(6), false, false);
        change("DELETE FROM ledger.checkpoint_chunk WHERE sha256 = ? AND position = 2", fewer);
        String more = keep(bytes(7), false, false);
        change("""
                INSERT INTO ledger.checkpoint_chunk
                SELECT sha256, 3, digest, content
                  FROM ledger.checkpoint_chunk
                 WHERE sha256 = ? AND position = 2
                """, more);

        assertThat(given().get("/api/checkpoints/" + fewer).statusCode()).isEqualTo(500);
        assertThat(given().get("/api/checkpoints/" + more).statusCode()).isEqualTo(500);
    }

    @Test
    void a_range_that_runs_into_damage_ends_before_its_length() throws SQLException {
        String sha256 = keep(bytes(8), false, false);
        change("UPDATE ledger.checkpoint_chunk SET digest = repeat('0', 64) WHERE sha256 = ? AND position = 2", sha256);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/api/checkpoints/" + sha256))
                .header("Range", "bytes=1-")
                .timeout(Duration.ofSeconds(20))
                .build();

        assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
        assertThat(isNoted(sha256)).isTrue();
    }

    private boolean isNoted(String sha256) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT damaged_at IS NOT NULL FROM ledger.checkpoint WHERE sha256 = ?")) {
            select.setString(1, sha256);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private void change(String sql, String sha256) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement change = connection.prepareStatement(sql)) {
            change.setString(1, sha256);
            change.executeUpdate();
        }
    }

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[2 * CHUNK + CHUNK / 2];
        Seeds.generator(seed).nextBytes(bytes);
        return bytes;
    }

    private String keep(byte[] bytes, boolean dropped, boolean damaged) throws SQLException {
        String sha256 = Digests.of(bytes);
        String checkpoint = """
                INSERT INTO ledger.checkpoint (sha256, bytes, chunks, dropped_at)
                VALUES (?, ?, 3, CASE WHEN ? THEN now() END)
                ON CONFLICT DO NOTHING
                """;
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(checkpoint)) {
            insert.setString(1, sha256);
            insert.setLong(2, bytes.length);
            insert.setBoolean(3, dropped);
            insert.executeUpdate();
            for (int position = 0; position < 3; position++) {
                byte[] content =
                        Arrays.copyOfRange(bytes, position * CHUNK, Math.min(bytes.length, (position + 1) * CHUNK));
                keepChunk(connection, sha256, position, content, Digests.of(damaged ? new byte[1] : content));
            }
        }
        return sha256;
    }

    private static void keepChunk(Connection connection, String sha256, int position, byte[] content, String digest)
            throws SQLException {
        String chunk = "INSERT INTO ledger.checkpoint_chunk VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
        try (PreparedStatement insert = connection.prepareStatement(chunk)) {
            insert.setString(1, sha256);
            insert.setInt(2, position);
            insert.setString(3, digest);
            insert.setBytes(4, content);
            insert.executeUpdate();
        }
    }
}
