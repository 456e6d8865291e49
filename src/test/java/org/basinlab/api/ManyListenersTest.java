package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** As many listen to studies as may. */
@QuarkusTest
@TestProfile(OneAtATime.class)
@QuarkusTestResource(StoreForTests.class)
class ManyListenersTest {

    private static final long MOST_SECONDS = 60;

    private final List<InputStream> streams = new ArrayList<>();

    @Inject
    StudyFeeds feeds;

    @TestHTTPResource("/")
    URI server;

    @AfterEach
    void stop_listening() throws IOException {
        for (InputStream stream : streams) {
            stream.close();
        }
        streams.clear();
    }

    @Test
    void who_comes_then_is_told_to_ask_again_and_heard_when_somebody_has_gone() throws Exception {
        String study = Asking.with("""
                study: listened-to
                probe: { shape: wide, tasks: 1 }
                """).post("/api/studies").jsonPath().getString("id");
        List<Integer> taken = listen(study, StudyFeeds.MOST_LISTENERS);

        Response refused = given().get("/api/studies/%s/events".formatted(study));
        int most = feeds.listeners();
        stop_listening();
        awaitRoom();
        List<Integer> later = listen(study, 1);

        assertThat(taken).containsOnly(200);
        assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isEqualTo("10");
        assertThat(refused.contentType()).startsWith("application/problem+json");
        assertThat(refused.jsonPath().getString("detail")).contains("64 listen to studies already; ask again");
        assertThat(most).isEqualTo(StudyFeeds.MOST_LISTENERS);
        assertThat(later).containsExactly(200);
    }

    /** Each over a connection of its own, which stays open; gives their statuses, once all were told something. */
    private List<Integer> listen(String study, int listeners) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/api/studies/%s/events".formatted(study)))
                .build();
        List<CompletableFuture<HttpResponse<InputStream>>> asked = Stream.generate(
                        () -> client.sendAsync(request, BodyHandlers.ofInputStream())
                                .orTimeout(MOST_SECONDS, TimeUnit.SECONDS))
                .limit(listeners)
                .toList();
        List<Integer> statuses = new ArrayList<>();
        for (CompletableFuture<HttpResponse<InputStream>> one : asked) {
            HttpResponse<InputStream> response = one.join();
            streams.add(response.body());
            statuses.add(response.statusCode());
        }
        return statuses;
    }

    /** Who is gone is seen by the next look. */
    private void awaitRoom() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (feeds.listeners() >= StudyFeeds.MOST_LISTENERS && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(feeds.listeners()).isLessThan(StudyFeeds.MOST_LISTENERS);
    }
}
