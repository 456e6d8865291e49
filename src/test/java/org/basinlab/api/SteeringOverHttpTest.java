package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies that compute nothing, steered and watched over HTTP while slots of this process run them. */
@QuarkusTest
@TestProfile(OneAtATime.class)
@QuarkusTestResource(StoreForTests.class)
class SteeringOverHttpTest {

    private static final String PROBE = """
            study: %s
            probe: { shape: %s, tasks: %d, seconds: %s }
            """;

    private static final String NOWHERE = "00000000-0000-0000-0000-000000000001";

    @Inject
    SlotsOfTests slots;

    @TestHTTPResource("/")
    URI server;

    @BeforeEach
    void start_the_slots_once() {
        slots.start();
    }

    @Test
    void a_study_is_told_from_its_beginning_to_its_end_and_again_from_any_event_on() throws Exception {
        String id = submit("told", "chain", 4, "0.3");

        List<Event> events = listen(id, Optional.empty(), stream -> until(stream, SteeringOverHttpTest::isOver));
        List<Event> again =
                listen(id, Optional.of(events.get(0).id()), stream -> until(stream, SteeringOverHttpTest::isOver));

        assertThat(events.get(0).name()).isEqualTo("study");
        assertThat(events.get(0).data().getString("name")).isEqualTo("told");
        List<String> ended = succeeded(events);
        assertThat(ended).hasSize(4).doesNotHaveDuplicates();
        assertThat(succeeded(again)).containsAll(ended).doesNotHaveDuplicates();
        JsonPath study = get("/api/studies/" + id);
        Event last = events.get(events.size() - 1);
        assertThat(last.data().getMap("")).isEqualTo(study.getMap(""));
    }

    @Test
    void events_carry_tasks_as_the_list_shows_them() throws Exception {
        String id = submit("alike", "wide", 3, "0");

        List<Event> events =
                listen(id, Optional.of("1970-01-01T00:00:00Z"), stream -> until(stream, SteeringOverHttpTest::isOver));

        Map<String, Map<String, Object>> told = new java.util.HashMap<>();
        events.stream()
                .filter(event -> event.name().equals("task"))
                .forEach(event ->
                        told.put(event.data().getString("id"), event.data().getMap("")));
        List<Map<String, Object>> listed =
                get("/api/studies/%s/tasks".formatted(id)).getList("items");
        assertThat(listed).hasSize(3).allSatisfy(task -> assertThat(told).containsEntry((String) task.get("id"), task));
        assertThat(listed).allSatisfy(task -> assertThat(task.get("worker")).isNotNull());
    }

    @ParameterizedTest
    @CsvSource({"yesterday, 400", "2026-13-01T00:00:00Z, 400", "-999999-01-01T00:00:00Z, 400"})
    void an_event_id_that_is_none_of_ours_is_refused(String last, int status) {
        String id = submit("refused-id", "wide", 1, "0");

        Response refused = given().header("Last-Event-ID", last).get("/api/studies/%s/events".formatted(id));

        assertThat(problem(refused, status).getString("detail")).contains("Last-Event-ID", last);
    }

    @Test
    void events_of_a_study_that_there_is_not_are_a_problem() {
        Response refused = given().get("/api/studies/%s/events".formatted(NOWHERE));

        assertThat(problem(refused, 404).getString("detail")).contains(NOWHERE);
    }

    @Test
    void a_study_is_found_by_the_beginning_of_its_id_and_by_its_name() {
        String id = submit("found-by-name", "wide", 1, "0");

        assertThat(get("/api/studies?match=" + id.substring(0, 13)).getList("items.id"))
                .containsExactly(id);
        assertThat(get("/api/studies?match=found-by-name").getList("items.id")).containsExactly(id);
        assertThat(get("/api/studies?match=found-by").getList("items.id")).isEmpty();
    }

    @Test
    void a_task_is_found_by_the_beginning_of_its_id() {
        String id = submit("found-tasks", "wide", 2, "0");
        String task = get("/api/studies/%s/tasks".formatted(id)).getString("items[0].id");

        assertThat(get("/api/tasks?beginning=" + task.substring(0, 14)).getList("items.id"))
                .containsExactly(task);
        assertThat(problem(given().get("/api/tasks?beginning=xyz"), 400).getString("detail"))
                .contains("'xyz'");
        assertThat(problem(given().get("/api/tasks"), 400).getString("detail")).contains("beginning");
    }

    @Test
    void the_worker_says_who_it_is_and_the_queue_what_is_in_it() {
        String id = submit("in-the-queue", "chain", 3, "30");

        Map<String, Object> worker =
                get("/api/workers").<Map<String, Object>>getList("items").get(0);
        Map<String, Object> queued = get("/api/queue").<Map<String, Object>>getList("items").stream()
                .filter(study -> study.get("study").equals(id))
                .findFirst()
                .orElseThrow();

        assertThat(worker)
                .containsEntry("slots", 2)
                .containsEntry("state", "active")
                .containsEntry("device", "cpu");
        assertThat(worker.get("schemaVersion")).isNotNull();
        assertThat(queued).containsEntry("waiting", 2).containsEntry("name", "in-the-queue");
        given().post("/api/studies/%s/cancel".formatted(id)).then().statusCode(200);
    }

    @Test
    void a_cancelled_study_is_at_its_end_and_cancelling_it_again_changes_nothing() throws Exception {
        String id = submit("cancelled", "chain", 3, "30");

        Response first = given().post("/api/studies/%s/cancel".formatted(id));
        Response second = given().post("/api/studies/%s/cancel".formatted(id));
        List<Event> events = listen(id, Optional.empty(), stream -> until(stream, SteeringOverHttpTest::isOver));

        assertThat(first.statusCode()).as(first.asString()).isEqualTo(200);
        assertThat(first.jsonPath().getString("after")).isEqualTo("CANCELLED");
        assertThat(first.jsonPath().getInt("tasks")).isEqualTo(3);
        assertThat(second.jsonPath().getInt("tasks")).isZero();
        assertThat(second.jsonPath().getString("before")).isEqualTo("CANCELLED");
        assertThat(events.get(0).data().getString("state")).isEqualTo("CANCELLED");
        assertThat(get("/api/studies/" + id).getMap("tasksByState")).isEqualTo(Map.of("CANCELLED", 3));
    }

    @Test
    void a_paused_study_starts_nothing_until_it_is_resumed() throws Exception {
        String id = submit("paused", "chain", 3, "0.2");

        assertThat(given().post("/api/studies/%s/pause".formatted(id))
                        .jsonPath()
                        .getString("after"))
                .isEqualTo("PAUSED");
        assertThat(given().post("/api/studies/%s/resume".formatted(id))
                        .jsonPath()
                        .getString("after"))
                .isIn("RUNNING", "QUEUED");
        List<Event> events = listen(id, Optional.empty(), stream -> until(stream, SteeringOverHttpTest::isOver));

        assertThat(events.get(events.size() - 1).data().getString("state")).isEqualTo("SUCCEEDED");
        JsonPath refused = problem(given().post("/api/studies/%s/resume".formatted(id)), 409);
        assertThat(refused.getString("detail")).isNotBlank();
        problem(given().post("/api/studies/%s/cancel".formatted(id)), 409);
    }

    @Test
    void how_a_study_is_run_can_be_changed() {
        String id = submit("changed", "chain", 2, "30");

        JsonPath changed = patch(id, "{\"priority\": 7, \"maxRunning\": 3}").jsonPath();
        JsonPath unbound = patch(id, "{\"maxRunning\": null}").jsonPath();

        assertThat(changed.getInt("priority")).isEqualTo(7);
        assertThat(changed.getInt("maxRunning")).isEqualTo(3);
        assertThat(unbound.getInt("priority")).isEqualTo(7);
        assertThat(unbound.getString("maxRunning")).isNull();
        assertThat(get("/api/studies/" + id).getMap("")).isEqualTo(unbound.getMap(""));
        given().post("/api/studies/%s/cancel".formatted(id)).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"priority\": 101} | priority must be a whole number in [-100, 100], was 101",
                "{\"priority\": \"7\"} | priority must be a whole number",
                "{\"maxRunning\": 0} | maxRunning must be a whole number in [1, ",
                "{\"name\": \"x\"} | may have the keys maxRunning, priority only, had 'name'",
                "{} | must name priority or maxRunning",
                "[] | must be a JSON object"
            })
    void a_change_that_cannot_be_is_refused_with_what_was_found(String body, String said) {
        String id = submit("unchanged", "wide", 1, "0");

        JsonPath refused = problem(patch(id, body), 400);

        assertThat(refused.getString("detail")).contains(said);
    }

    @Test
    void a_change_of_a_study_that_has_ended_changes_nothing_of_it() {
        String id = submit("ended", "chain", 2, "30");
        given().post("/api/studies/%s/cancel".formatted(id)).then().statusCode(200);
        JsonPath before = get("/api/studies/" + id);

        JsonPath refused = problem(patch(id, "{\"priority\": 7, \"maxRunning\": 3}"), 409);

        assertThat(refused.getString("detail")).contains("cannot be changed", id, "CANCELLED");
        assertThat(get("/api/studies/" + id).getMap("")).isEqualTo(before.getMap(""));
    }

    @ParameterizedTest
    @CsvSource({"pause", "resume", "cancel", "retry"})
    void what_there_is_not_cannot_be_steered(String order) {
        Response refused = given().post("/api/studies/%s/%s".formatted(NOWHERE, order));

        assertThat(problem(refused, 404).getString("detail")).contains(NOWHERE);
        assertThat(problem(given().get("/api/studies/%s/%s".formatted(NOWHERE, order)), 405)
                        .getString("detail"))
                .contains("method");
        assertThat(given().get("/api/studies/%s/%s".formatted(NOWHERE, order)).header("Allow"))
                .isEqualTo("POST");
    }

    @Test
    void every_route_is_in_the_description_of_the_interface() {
        JsonPath document =
                given().accept("application/json").get("/q/openapi?format=json").jsonPath();

        Map<String, Map<String, Object>> paths = document.getMap("paths");
        assertThat(paths.get("/api/studies/{id}")).containsKeys("get", "patch");
        assertThat(paths.keySet())
                .contains(
                        "/api/studies/{id}/events",
                        "/api/studies/{id}/pause",
                        "/api/studies/{id}/resume",
                        "/api/studies/{id}/cancel",
                        "/api/studies/{id}/retry",
                        "/api/studies/{id}/extend",
                        "/api/tasks/{id}/log",
                        "/api/tasks/{id}/retry",
                        "/api/schedules",
                        "/api/schedules/{id}",
                        "/api/schedules/{id}/enable",
                        "/api/schedules/{id}/disable",
                        "/api/workers",
                        "/api/queue");
    }

    private static String submit(String name, String shape, int tasks, String seconds) {
        Response submitted =
                Asking.with(PROBE.formatted(name, shape, tasks, seconds)).post("/api/studies");
        assertThat(submitted.statusCode()).as(submitted.asString()).isIn(200, 201);
        return submitted.jsonPath().getString("id");
    }

    private static Response patch(String id, String body) {
        return given().contentType("application/json").body(body).patch("/api/studies/" + id);
    }

    private static JsonPath get(String path) {
        return given().get(path).then().statusCode(200).extract().jsonPath();
    }

    private static JsonPath problem(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        return response.jsonPath();
    }

    private static boolean isOver(Event event) {
        return event.name().equals("study")
                && List.of("SUCCEEDED", "FAILED", "CANCELLED")
                        .contains(event.data().getString("state"));
    }

    private static List<String> succeeded(List<Event> events) {
        return events.stream()
                .filter(event -> event.name().equals("task")
                        && event.data().getString("state").equals("SUCCEEDED"))
                .map(event -> event.data().getString("id"))
                .toList();
    }

    /** One connection, which is closed when enough was heard. */
    private List<Event> listen(
            String id, Optional<String> last, java.util.function.Function<Stream<String>, List<Event>> enough)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/studies/%s/events".formatted(id)));
        last.ifPresent(event -> request.header("Last-Event-ID", event));
        HttpResponse<java.io.InputStream> response =
                HttpClient.newHttpClient().send(request.GET().build(), BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            return CompletableFuture.supplyAsync(() -> enough.apply(lines.lines()))
                    .get(Duration.ofSeconds(60).toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<Event> until(Stream<String> lines, java.util.function.Predicate<Event> last) {
        List<Event> events = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : (Iterable<String>) lines::iterator) {
            if (!line.isEmpty()) {
                block.add(line);
                continue;
            }
            if (block.stream().anyMatch(one -> one.startsWith("data:"))) {
                Event event = Event.of(block);
                events.add(event);
                if (last.test(event)) {
                    return events;
                }
            }
            block.clear();
        }
        return events;
    }

    private record Event(String id, String name, JsonPath data) {

        static Event of(List<String> lines) {
            return new Event(field(lines, "id"), field(lines, "event"), JsonPath.from(field(lines, "data")));
        }

        private static String field(List<String> lines, String key) {
            return lines.stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .map(line -> line.substring(key.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }
}
