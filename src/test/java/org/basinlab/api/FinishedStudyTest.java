package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.dispatch.Slots;
import org.basinlab.ledger.Listings;
import org.basinlab.recipe.Digests;
import org.basinlab.worker.ThisMachine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A small study that was submitted over HTTP and really run, seen through every resource. */
@QuarkusTest
@TestProfile(KnownHosts.class)
@QuarkusTestResource(StoreForTests.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinishedStudyTest {

    private static final String SPECIFICATION = """
            study: seen-over-http
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [16] } }
            training:
              seeds: { from: 0, count: 5 }
              epochs: 1
              batch: 500
              optimiser: { adam: { learningRate: 0.001 } }
            merge:
              - { scheme: hierarchical, stages: 1 }
              - { scheme: naive, groups: [2] }
            """;

    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Inject
    Slots slots;

    @Inject
    ThisMachine machine;

    @Inject
    DataSource database;

    private String id;
    private Response submitted;

    /** Once; before each, because the address of the server is known only then. */
    @BeforeEach
    void run_the_study_to_its_end() throws InterruptedException {
        if (submitted != null) {
            return;
        }
        submitted = Asking.with(SPECIFICATION).post("/api/studies");
        id = submitted.jsonPath().getString("id");
        slots.start(machine.facts(2), Optional.empty());
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!Set.of("SUCCEEDED", "FAILED").contains(study().getString("state"))) {
            assertThat(System.nanoTime())
                    .as("the study must end within %s", LONGEST)
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    void a_new_study_is_created_at_a_place_of_its_own() {
        assertThat(submitted.statusCode()).isEqualTo(201);
        assertThat(submitted.header("Location")).endsWith("/api/studies/" + id);
        assertThat(submitted.jsonPath().getString("name")).isEqualTo("seen-over-http");
    }

    @Test
    void the_same_study_again_is_the_one_that_is_there() {
        Response again = Asking.with(SPECIFICATION, "text/plain").post("/api/studies");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.jsonPath().getString("id")).isEqualTo(id);
    }

    @Test
    void its_end_and_its_tasks_are_told() {
        JsonPath study = study();

        assertThat(study.getString("state")).isEqualTo("SUCCEEDED");
        assertThat(study.getInt("tasksByState.SUCCEEDED")).isEqualTo(study.getInt("tasks"));
        assertThat(Instant.parse(study.getString("finishedAt"))).isAfter(Instant.parse(study.getString("createdAt")));
        assertThat(study.getString("paper")).isNull();
    }

    @Test
    void the_plan_agrees_with_a_dry_run_and_with_the_tasks() {
        JsonPath plan = get("/api/studies/%s/plan".formatted(id));
        JsonPath dry = Asking.with(SPECIFICATION, "text/yaml")
                .post("/api/studies?dryRun=true")
                .jsonPath();

        assertThat(plan.getInt("version")).isEqualTo(1);
        assertThat(dry.getString("version")).isNull();
        assertThat(withoutVersion(plan)).isEqualTo(withoutVersion(dry));
        assertThat(plan.getInt("tasks.train")).isEqualTo(5);
        assertThat(plan.getInt("leftOut[0].networks")).isEqualTo(1);
        for (String kind : List.of("train", "merge", "evaluate")) {
            assertThat(all("/api/studies/%s/tasks?kind=%s".formatted(id, kind), 1_000))
                    .hasSize(plan.getInt("tasks." + kind));
        }
    }

    private static Map<String, Object> withoutVersion(JsonPath plan) {
        Map<String, Object> all = new HashMap<>(plan.<String, Object>getMap(""));
        all.remove("version");
        return all;
    }

    @ParameterizedTest
    @CsvSource({"tasks, 3", "networks, 2", "metrics, 7"})
    void parts_to_the_end_are_the_whole_in_one_order(String list, int limit) {
        String address = "/api/studies/%s/%s".formatted(id, list);

        List<Map<String, Object>> whole = all(address, 1_000);

        assertThat(whole).hasSizeGreaterThan(2 * limit).doesNotHaveDuplicates();
        assertThat(all(address, limit)).isEqualTo(whole);
    }

    @Test
    void studies_are_listed_in_parts_the_newest_first() {
        List<String> names = List.of("listed-a", "listed-b", "listed-c");
        names.forEach(name -> Asking.with(SPECIFICATION.replace("seen-over-http", name))
                .post("/api/studies")
                .then()
                .statusCode(201));

        List<Map<String, Object>> listed = all("/api/studies", 1);

        assertThat(listed)
                .extracting(study -> study.get("name"))
                .containsSubsequence("listed-c", "listed-b", "listed-a");
        assertThat(listed).extracting(study -> study.get("id")).contains(id).doesNotHaveDuplicates();
        assertThat(listed)
                .extracting(study -> Instant.parse((String) study.get("createdAt")))
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void filters_leave_only_what_they_name() {
        String metrics = "/api/studies/%s/metrics".formatted(id);

        assertThat(all(metrics + "?metric=accuracy&split=test&arm=main", 4))
                .hasSize(all("/api/studies/%s/networks".formatted(id), 1_000).size())
                .allSatisfy(row ->
                        assertThat(row).containsEntry("metric", "accuracy").containsEntry("split", "test"));
        assertThat(all(metrics + "?arm=unheard-of", 4)).isEmpty();
        assertThat(all("/api/studies/%s/tasks?state=FAILED".formatted(id), 4)).isEmpty();
    }

    @Test
    void the_table_is_the_mean_of_the_metrics() {
        JsonPath answer = get("/api/studies/%s/table".formatted(id));
        List<Map<String, Object>> table = answer.getList("rows");
        Map<String, Object> trained = table.stream()
                .filter(row -> row.get("scheme").equals("trained")
                        && row.get("metric").equals("accuracy")
                        && row.get("split").equals("test"))
                .findFirst()
                .orElseThrow();

        double mean = all("/api/studies/%s/metrics?metric=accuracy&split=test".formatted(id), 1_000).stream()
                .filter(row -> row.get("scheme").equals("trained"))
                .mapToDouble(row -> ((Number) row.get("value")).doubleValue())
                .average()
                .orElseThrow();

        assertThat(trained).containsEntry("n", 5).containsEntry("groupSize", 1).containsEntry("at", null);
        assertThat(((Number) trained.get("mean")).doubleValue()).isCloseTo(mean, within(1e-6));
        assertThat(answer.getString("sql")).contains("FROM results.metrics", id);
    }

    @Test
    void a_task_says_what_it_does_what_it_needs_and_who_did_it() {
        Map<String, Object> merge = all("/api/studies/%s/tasks?kind=merge&state=SUCCEEDED".formatted(id), 1_000)
                .get(0);

        JsonPath task = get("/api/tasks/" + merge.get("id"));

        assertThat(task.getString("kind")).isEqualTo("merge");
        assertThat(task.getMap("parameters")).containsOnlyKeys("merge");
        assertThat(task.getList("inputs")).hasSize(2);
        assertThat(task.getString("tries[0].outcome")).isEqualTo("succeeded");
        assertThat(task.getString("tries[0].host")).isNotEmpty();
        assertThat(get("/api/tasks/" + task.getString("inputs[0]")).getString("studyId"))
                .isEqualTo(id);
    }

    @Test
    void a_merged_network_tells_its_parents_and_how_their_units_moved() {
        Map<String, Object> merged = networks("hierarchical").get(0);

        JsonPath network = get("/api/networks/" + merged.get("id"));

        assertThat(network.getString("sha256")).isEqualTo(merged.get("sha256"));
        assertThat(network.getList("parents.share", Double.class)).containsExactly(0.5, 0.5);
        Map<String, List<Integer>> moved = network.getMap("parents[1].permutations");
        assertThat(moved).isNotEmpty();
        assertThat(moved.values().iterator().next())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 16).boxed().toList());
        assertThat(network.getList("places.studyId")).contains(id);
        assertThat(get("/api/networks/" + network.getString("parents[0].networkId"))
                        .getList("parents"))
                .isEmpty();
    }

    @Test
    void a_checkpoint_is_the_bytes_that_its_digest_names() {
        String sha256 = sha256();

        Response whole = given().get("/api/checkpoints/" + sha256);
        byte[] bytes = whole.asByteArray();

        assertThat(Digests.of(bytes)).isEqualTo(sha256);
        assertThat(whole.contentType()).isEqualTo("application/octet-stream");
        assertThat(whole.header("ETag")).isEqualTo("\"" + sha256 + "\"");
        assertThat(whole.header("Content-Length")).isEqualTo(Integer.toString(bytes.length));
        Response head = given().head("/api/checkpoints/" + sha256);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(bytes.length));
        assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
    }

    @Test
    void ranges_put_together_are_the_checkpoint() {
        String sha256 = sha256();
        int length = Integer.parseInt(given().head("/api/checkpoints/" + sha256).header("Content-Length"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        for (int from = 0; from < length; from += 50_000) {
            Response part = given().header("Range", "bytes=%d-%d".formatted(from, from + 49_999))
                    .get("/api/checkpoints/" + sha256);
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.header("Content-Range"))
                    .isEqualTo("bytes %d-%d/%d".formatted(from, Math.min(from + 50_000, length) - 1, length));
            bytes.writeBytes(part.asByteArray());
        }

        assertThat(Digests.of(bytes.toByteArray())).isEqualTo(sha256);
    }

    @Test
    void a_range_beyond_the_end_tells_where_the_end_is() {
        Response beyond = given().header("Range", "bytes=999999999-").get("/api/checkpoints/" + sha256());

        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).startsWith("bytes */");
        assertThat(beyond.contentType()).startsWith("application/problem+json");
    }

    @Test
    void a_reader_that_has_a_checkpoint_is_not_sent_it_again() {
        String etag = "\"" + sha256() + "\"";

        assertThat(given().header("If-None-Match", etag)
                        .get("/api/checkpoints/" + sha256())
                        .statusCode())
                .isEqualTo(304);
        assertThat(given().header("If-Range", "\"other\"")
                        .header("Range", "bytes=0-1")
                        .get("/api/checkpoints/" + sha256())
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=ten",
                "after=x",
                "after=MTow",
                "after=%00",
                "state=done",
                "kind=nap"
            })
    void a_wrong_argument_of_a_list_is_refused(String argument) {
        Response refused = given().urlEncodingEnabled(false).get("/api/studies/%s/tasks?%s".formatted(id, argument));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.contentType()).startsWith("application/problem+json");
        assertThat(refused.jsonPath().getString("detail")).startsWith(argument.substring(0, argument.indexOf('=')));
    }

    @Test
    void a_word_to_look_for_holds_no_nul() {
        Response refused = given().urlEncodingEnabled(false).get("/api/studies/%s/metrics?metric=%%00".formatted(id));

        assertThat(refused.statusCode()).isEqualTo(400);
    }

    @Test
    void the_lists_know_no_study_that_is_not_there() {
        assertThat(new Listings(database).hasStudy(new java.util.UUID(1, 2))).isFalse();
        for (String list : List.of("tasks", "networks", "metrics", "plan", "table")) {
            assertThat(given().get("/api/studies/%s/%s".formatted(new java.util.UUID(1, 2), list))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private JsonPath study() {
        return get("/api/studies/" + id);
    }

    private String sha256() {
        return (String) networks("trained").get(0).get("sha256");
    }

    private List<Map<String, Object>> networks(String scheme) {
        return all("/api/studies/%s/networks".formatted(id), 1_000).stream()
                .filter(network -> network.get("scheme").equals(scheme))
                .toList();
    }

    @Test
    void the_bundle_is_a_zip_that_names_its_study_and_every_member() throws IOException {
        Response response = given().get("/api/studies/%s/bundle?outcomes=cited&csv=false".formatted(id));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.contentType()).isEqualTo("application/zip");
        assertThat(response.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"seen-over-http-%s.zip\"".formatted(id.substring(0, 8)));
        byte[] zip = response.asByteArray();
        assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(zip.length));
        Set<String> names = new HashSet<>();
        JsonPath manifest = null;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().equals("manifest.json")) {
                    manifest = new JsonPath(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                } else {
                    names.add(entry.getName());
                }
            }
        }
        assertThat(manifest.getString("study")).isEqualTo(id);
        assertThat(manifest.getList("members.path", String.class)).containsExactlyInAnyOrderElementsOf(names);
        assertThat(names).contains("tables/metrics.parquet").doesNotContain("tables/metrics.csv");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/studies/%s/bundle?outcomes=some, 400",
        "/api/studies/%s/bundle?csv=perhaps, 400",
        "/api/studies/00000000-0000-0000-0000-000000000000/bundle, 404"
    })
    void a_bundle_that_cannot_be_had_is_a_problem(String address, int status) {
        Response response = given().get(address.formatted(id));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
    }

    private static JsonPath get(String address) {
        Response response = given().get(address);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response.jsonPath();
    }

    /** The list, part by part. */
    private static List<Map<String, Object>> all(String address, int limit) {
        List<Map<String, Object>> items = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String after = null;
        do {
            var request = given().queryParam("limit", limit);
            JsonPath part = (after == null ? request : request.queryParam("after", after))
                    .get(address)
                    .jsonPath();
            items.addAll(part.getList("items"));
            after = part.getString("next");
        } while (after != null && seen.add(after));
        return items;
    }

    @Test
    void a_study_that_starts_from_another_architecture_is_refused_in_one_line() {
        String stored =
                given().get("/api/studies/" + id + "/networks").jsonPath().getString("items[0].sha256");
        String specification =
                SPECIFICATION.replace("[16]", "[17]").replace("epochs: 1", "epochs: 1\n  start: " + stored);

        Response refused = Asking.with(specification).post("/api/studies");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.jsonPath().getString("detail"))
                .isEqualTo(
                        "training.start of arm main must be a network 3072-17-10, %s is 3072-16-10".formatted(stored));
    }

    @Test
    void a_study_that_starts_from_a_stored_network_is_taken() {
        String stored =
                given().get("/api/studies/" + id + "/networks").jsonPath().getString("items[0].sha256");
        String specification = SPECIFICATION
                .replace("epochs: 1", "epochs: 1\n  start: " + stored)
                .replace("seen-over", "started-over");

        Response taken = Asking.with(specification).post("/api/studies");

        assertThat(taken.statusCode()).as(taken.asString()).isEqualTo(201);
    }
}
