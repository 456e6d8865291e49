package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies that are in the store, and go further than they were: tried again, and extended, over HTTP. */
@QuarkusTest
@TestProfile(OneAtATime.class)
@QuarkusTestResource(StoreForTests.class)
class FurtherOverHttpTest {

    private static final long MOST_SECONDS = 60;

    private static final String TRAINED = """
            study: %s
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [4] } }
            training: { seeds: { from: 0, count: 2 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
            evaluate: { weight-norm: {} }
            """;

    private static final String MISBEHAVING = """
            study: %s
            probe: { shape: wide, tasks: 2, misbehave: { %s: 1 } }
            """;

    @Inject
    SlotsOfTests slots;

    @BeforeEach
    void start_the_slots_once() {
        slots.start();
    }

    @Test
    void what_failed_in_a_study_is_tried_again_and_so_is_one_task_of_it() {
        String study = submit(MISBEHAVING.formatted("rejected", "rejects"));
        await(() -> state(study).equals("FAILED"));
        String task = get("/api/studies/%s/tasks".formatted(study)).getString("items[0].id");

        Response all = given().post("/api/studies/%s/retry".formatted(study));
        await(() -> state(study).equals("FAILED"));
        Response one = given().post("/api/tasks/%s/retry".formatted(task));
        await(() -> state(study).equals("FAILED"));

        assertThat(all.statusCode()).as(all.asString()).isEqualTo(200);
        assertThat(all.jsonPath().getMap(""))
                .isEqualTo(Map.of("study", study, "before", "FAILED", "after", "RUNNING", "tasks", 2));
        assertThat(one.statusCode()).as(one.asString()).isEqualTo(200);
        assertThat(one.jsonPath().getInt("tasks")).isEqualTo(1);
        assertThat(get("/api/studies/%s/tasks".formatted(study)).getList("items.attempts"))
                .containsExactly(3, 2);
    }

    @Test
    void what_did_not_fail_is_not_tried_again() {
        String study = submit("study: in-order\nprobe: { shape: wide, tasks: 1 }\n");
        await(() -> state(study).equals("SUCCEEDED"));
        JsonPath before = get("/api/studies/" + study);
        String task = get("/api/studies/%s/tasks".formatted(study)).getString("items[0].id");

        JsonPath ofStudy = problem(given().post("/api/studies/%s/retry".formatted(study)), 409);
        JsonPath ofTask = problem(given().post("/api/tasks/%s/retry".formatted(task)), 409);

        assertThat(ofStudy.getString("detail")).contains("nothing did");
        assertThat(ofTask.getString("detail")).contains("only a task that failed can be retried", "SUCCEEDED");
        assertThat(get("/api/studies/" + study).getMap("")).isEqualTo(before.getMap(""));
    }

    @Test
    void what_the_attempts_at_a_task_said_can_be_read_in_pages() {
        String study = submit(MISBEHAVING.formatted("failed-thrice", "throws"));
        await(() -> state(study).equals("FAILED"));
        String task = get("/api/studies/%s/tasks".formatted(study)).getString("items[0].id");
        String log = "/api/tasks/%s/log".formatted(task);

        await(() -> get(log).getList("items").size() == 3);
        JsonPath all = get(log);
        JsonPath first = get(log + "?limit=2");
        JsonPath rest = get(log + "?limit=2&after=" + first.getString("next"));

        assertThat(all.getList("items.attempt")).containsExactly(1, 2, 3);
        assertThat(all.getList("items.level")).containsOnly("error");
        assertThat(all.getList("items.message", String.class))
                .allSatisfy(message -> assertThat(message).contains("throws"));
        assertThat(all.getList("items.task")).containsOnly(task);
        assertThat(all.getString("next")).isNull();
        assertThat(first.getList("items.attempt")).containsExactly(1, 2);
        assertThat(rest.getList("items")).isEqualTo(all.getList("items").subList(2, 3));
        problem(given().get(log + "?limit=0"), 400);
        problem(given().get("/api/tasks/00000000-0000-0000-0000-000000000001/log"), 404);
    }

    @Test
    void seeds_are_added_once() {
        String study = submit(TRAINED.formatted("extended"));

        Response extended = extend(study, "{\"seeds\": {\"from\": 2, \"count\": 3}}");
        JsonPath again = problem(extend(study, "{\"seeds\": {\"from\": 2, \"count\": 3}}"), 409);
        JsonPath overlapping = problem(extend(study, "{\"seeds\": {\"from\": 1, \"count\": 1}}"), 409);
        int tasks = get("/api/studies/" + study).getInt("tasks");
        JsonPath plan = get("/api/studies/%s/plan".formatted(study));
        await(() -> state(study).equals("SUCCEEDED"));

        assertThat(extended.statusCode()).as(extended.asString()).isEqualTo(200);
        assertThat(extended.jsonPath().getMap(""))
                .isEqualTo(Map.of("study", study, "version", 2, "added", 6, "kept", 4));
        assertThat(again.getString("detail")).contains("must be new to the study", "2:3 of 2:3");
        assertThat(overlapping.getString("detail")).contains("0:2 of 1:1");
        assertThat(tasks).isEqualTo(10);
        assertThat(plan.getInt("version")).isEqualTo(2);
        assertThat(plan.getMap("tasks")).isEqualTo(Map.of("train", 5, "evaluate", 5));
        assertThat(get("/api/studies/" + study).getMap("tasksByState")).isEqualTo(Map.of("SUCCEEDED", 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | seeds must be a JSON object",
                "[] | an extension must be a JSON object",
                "{\"seeds\": {\"from\": \"2\", \"count\": 1}} | seeds.from must be a whole number",
                "{\"seeds\": {\"from\": 2, \"count\": 0}} | seeds.count must be a whole number in [1, ",
                "{\"seeds\": {\"from\": 2, \"count\": 1, \"step\": 2}} | may have the keys count, from only, had 'step'"
            })
    void an_extension_that_cannot_be_is_refused_with_what_was_found(String body, String said) {
        String study = submit(TRAINED.formatted("not-extended"));

        assertThat(problem(extend(study, body), 400).getString("detail")).contains(said);
        assertThat(get("/api/studies/" + study).getInt("tasks")).isEqualTo(4);
    }

    @Test
    void what_there_is_not_cannot_be_extended_nor_what_trains_nothing() {
        String probe = submit("study: trains-nothing\nprobe: { shape: wide, tasks: 1 }\n");
        String seeds = "{\"seeds\": {\"from\": 2, \"count\": 1}}";

        problem(extend("00000000-0000-0000-0000-000000000001", seeds), 404);
        assertThat(problem(extend(probe, seeds), 409).getString("detail")).contains("trains none");
    }

    private static String submit(String specification) {
        Response submitted = Asking.with(specification).post("/api/studies");
        assertThat(submitted.statusCode()).as(submitted.asString()).isIn(200, 201);
        return submitted.jsonPath().getString("id");
    }

    private static Response extend(String study, String body) {
        return given().contentType("application/json").body(body).post("/api/studies/%s/extend".formatted(study));
    }

    private static String state(String study) {
        return get("/api/studies/" + study).getString("state");
    }

    private static JsonPath get(String path) {
        return given().get(path).then().statusCode(200).extract().jsonPath();
    }

    private static JsonPath problem(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        return response.jsonPath();
    }

    private static void await(BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }
}
