package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.basinlab.StoreForTests;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server says to requests that it does not take, and who it listens to. */
@QuarkusTest
@TestProfile(KnownHosts.class)
@QuarkusTestResource(StoreForTests.class)
class ProblemsTest {

    private static final String SPECIFICATION = """
            study: told-by-key
            dataset: { name: synthetic-shapes }
            network: { mlp: { hidden: [3] } }
            training: { seeds: { from: 0, count: 1 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
            """;

    @Test
    void a_specification_at_fault_is_told_with_its_place() {
        JsonPath problem = problem(submit(SPECIFICATION.replace("epochs: 1", "epochs: 0")), 400);

        assertThat(problem.getString("key")).isEqualTo("training.epochs");
        assertThat(problem.getInt("line")).isEqualTo(4);
        assertThat(problem.getInt("column")).isPositive();
        assertThat(problem.getString("detail")).startsWith("request body:4:").contains("was 0");
    }

    @Test
    void a_start_that_is_not_in_the_store_is_refused_in_one_line() {
        String start = "ab".repeat(32);
        String specification = SPECIFICATION.replace("epochs: 1,", "epochs: 1, start: %s,".formatted(start));

        JsonPath problem = problem(submit(specification), 422);

        assertThat(problem.getString("detail"))
                .isEqualTo("training.start of arm main must be a network of the store: no checkpoint has the SHA-256 "
                        + start);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "study: \"<script>alert(1)</script>\"",
                "study: ok\nunheard: 1",
                "study: [",
                "",
                "{\"study\": 7}",
                "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
                "study: !!javax.script.ScriptEngineManager []"
            })
    void what_is_no_study_is_refused(String text) {
        JsonPath problem = problem(submit(text), 400);

        assertThat(problem.getString("title")).isEqualTo("the specification cannot be taken");
        assertThat(problem.getInt("line")).isPositive();
    }

    @Test
    void data_that_the_server_lacks_is_told_without_a_trace() {
        Response refused = submit(SPECIFICATION.replace("synthetic-shapes", "cifar10"));

        JsonPath problem = problem(refused, 503);
        assertThat(refused.header("Retry-After")).isEqualTo("60");
        assertThat(problem.getString("detail")).contains("cifar10");
        assertThat(problem.getString("id")).isNull();
    }

    @Test
    void a_dry_run_needs_no_data_and_takes_nothing_in() {
        Response dry = Asking.with(
                        SPECIFICATION.replace("synthetic-shapes", "cifar10").replace("told-by-key", "only-asked"))
                .post("/api/studies?dryRun=true");

        assertThat(dry.statusCode()).isEqualTo(200);
        assertThat(dry.jsonPath().getInt("tasks.train")).isEqualTo(1);
        assertThat(dry.jsonPath().getLong("checkpointBytes")).isPositive();
        assertThat(dry.jsonPath().getLong("outcomeBytes")).isPositive();
        assertThat(given().get("/api/studies?limit=1000").asString()).doesNotContain("only-asked");
    }

    @Test
    void a_claim_that_the_study_does_not_measure_is_refused_also_in_a_dry_run() {
        String specification = SPECIFICATION.replace("told-by-key", "not-measured") + "claims: [R5]\n";

        for (Response refused :
                List.of(submit(specification), Asking.with(specification).post("/api/studies?dryRun=true"))) {
            assertThat(problem(refused, 422).getString("detail"))
                    .isEqualTo(
                            "claims: R5 needs weight-norm of naive networks of 2 without a variant in arm main, which this"
                                    + " study does not measure: add a naive merge with groups of 2");
        }
        assertThat(given().get("/api/studies?limit=1000").asString()).doesNotContain("not-measured");
    }

    @Test
    void a_claim_that_cannot_be_decided_is_refused_where_it_stands() {
        JsonPath problem = problem(submit(SPECIFICATION + "claims: [G6]\n"), 400);

        assertThat(problem.getInt("line")).isEqualTo(5);
        assertThat(problem.getString("key")).isEqualTo("claims[0]");
        assertThat(problem.getString("detail")).contains("G6 awaits ImageNet");
    }

    @Test
    void a_dry_run_is_asked_for_plainly() {
        problem(Asking.with(SPECIFICATION).post("/api/studies?dryRun=yes"), 400);
    }

    @Test
    void json_is_taken_like_yaml() {
        Response taken = given().contentType("application/json").body("""
                        {"study": "as-json", "dataset": {"name": "synthetic-shapes"}, "network": {"mlp": {"hidden": [3]}},
                         "training": {"seeds": {"from": 0, "count": 1}, "epochs": 1,
                                      "optimiser": {"sgd": {"learningRate": 0.1}}}}
                        """).post("/api/studies?dryRun=true");

        assertThat(taken.statusCode()).as(taken.asString()).isEqualTo(200);
    }

    @Test
    void one_key_is_one_study_even_for_requests_at_a_time() {
        List<CompletableFuture<Response>> requests = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> withKey("once", SPECIFICATION)))
                .toList();

        List<Response> answers = requests.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(Response::statusCode).containsExactlyInAnyOrder(201, 200, 200, 200);
        assertThat(answers)
                .extracting(answer -> answer.jsonPath().getString("id"))
                .containsOnly(answers.get(0).jsonPath().getString("id"));
    }

    @Test
    void another_key_is_another_study_and_one_key_not_two() {
        Response first = withKey("first", SPECIFICATION);
        Response second = withKey("second", SPECIFICATION);

        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.jsonPath().getString("id"))
                .isNotEqualTo(first.jsonPath().getString("id"));
        assertThat(problem(withKey("first", SPECIFICATION.replace("told-by-key", "another")), 400)
                        .getString("detail"))
                .contains("'first'");
        problem(withKey("a key", SPECIFICATION), 400);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/studies/00000000-0000-0000-0000-000000000001, 404",
        "/api/tasks/00000000-0000-0000-0000-000000000001, 404",
        "/api/networks/00000000-0000-0000-0000-000000000001, 404",
        "/api/checkpoints/0000000000000000000000000000000000000000000000000000000000000000, 404",
        "/api/studies/1-1-1-1-1, 400",
        "/api/tasks/x, 400",
        "/api/networks/' or 1=1, 400",
        "/api/checkpoints/ABC, 400",
        "/api/unheard, 404",
        "/api/studies?after=%2b999999999, 400"
    })
    void what_is_not_there_or_no_name_at_all_is_told(String address, int status) {
        JsonPath problem = problem(given().get(address), status);

        assertThat(problem.getInt("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).isNotBlank().doesNotStartWith("HTTP ");
    }

    @Test
    void a_wrong_method_and_a_wrong_media_type_are_told() {
        Response method = given().delete("/api/studies");

        problem(method, 405);
        assertThat(method.header("Allow")).contains("GET").contains("POST");
        problem(given().contentType("image/png").body(new byte[1]).post("/api/studies"), 415);
    }

    @Test
    void a_body_beyond_one_mebibyte_is_turned_away() {
        assertThat(problem(submit("#".repeat(Guard.MOST_BYTES + 1)), 413).getString("detail"))
                .contains("1048576");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9 << 20})
    void a_body_of_unknown_length_has_the_same_limit(int beyond) throws Exception {
        byte[] bytes = "#".repeat(Guard.MOST_BYTES + beyond).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(address("/api/studies"))
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> (InputStream) new ByteArrayInputStream(bytes)))
                .build();

        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(JsonPath.from(answer.body()).getString("detail")).contains("1048576");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "LOCALHOST:8080, 200",
        "127.0.0.1:1, 200",
        "[::1]:8080, 200",
        "lab.example, 200",
        "evil.example, 421",
        "localhost.evil.example, 421",
        "127.0.0.1.evil.example:8080, 421",
        "10.0.0.1, 421"
    })
    void only_our_own_names_are_answered(String host, int status) {
        Response response = given().header("Host", host).get("/api/studies");

        assertThat(response.statusCode()).isEqualTo(status);
    }

    @Test
    void a_foreign_name_gets_no_page_either() {
        problem(given().header("Host", "evil.example").get("/"), 421);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "http://localhost:1", "http://localhost:1.evil.example"})
    void a_foreign_page_changes_nothing(String origin) {
        problem(
                Asking.with(SPECIFICATION, "text/plain")
                        .header("Origin", origin)
                        .post("/api/studies"),
                403);
        problem(
                given().header("Sec-Fetch-Site", "cross-site")
                        .contentType("text/plain")
                        .body("")
                        .post("/api/studies"),
                403);
    }

    @Test
    void our_own_page_may() {
        Response own = Asking.with(SPECIFICATION)
                .header("Host", "localhost:8080")
                .header("Origin", "http://localhost:8080")
                .post("/api/studies?dryRun=true");

        assertThat(own.statusCode()).as(own.asString()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app.js", "/style.css", "/api/studies", "/api/studies/x", "/unheard"})
    void every_answer_tells_the_browser_to_be_strict(String address) {
        Response response = given().get(address);

        assertThat(response.header("Content-Security-Policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.header("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void the_page_holds_no_inline_script_or_style() {
        String page = given().get("/").asString();

        assertThat(page)
                .contains("<script type=\"module\" src=\"app.js\"></script>")
                .doesNotContainPattern("<script>|<style| style=| on[a-z]+=");
    }

    @Test
    void openapi_describes_every_resource_and_types_every_answer() {
        JsonPath document = given().get("/q/openapi?format=json").jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = document.getMap("paths");

        assertThat(paths.keySet())
                .containsAll(Set.of(
                        "/api/studies",
                        "/api/studies/{id}",
                        "/api/studies/{id}/tasks",
                        "/api/studies/{id}/networks",
                        "/api/studies/{id}/metrics",
                        "/api/studies/{id}/checks",
                        "/api/studies/{id}/plan",
                        "/api/studies/{id}/table",
                        "/api/tasks/{id}",
                        "/api/networks/{id}",
                        "/api/checkpoints/{sha256}"));
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            assertThat(operation).as("%s %s", method, path).containsKeys("summary", "responses");
            assertThat(new TreeSet<>(((Map<?, ?>) operation.get("responses"))
                            .keySet().stream().map(String::valueOf).toList()))
                    .as("%s %s", method, path)
                    .contains(method.equals("delete") ? "204" : "200", "default");
        }));
        assertThat(document.getMap("components.schemas.TaskView.properties")).containsKeys("id", "state", "seconds");
        assertThat(document.getMap("components.schemas.TaskBody.properties"))
                .containsKeys("id", "inputs", "parameters");
        assertThat(document.getString("components.schemas.Instant.format")).isEqualTo("date-time");
    }

    private static Response withKey(String key, String text) {
        return Asking.with(text, "application/yaml")
                .header("Idempotency-Key", key)
                .post("/api/studies");
    }

    private static Response submit(String text) {
        return Asking.with(text).post("/api/studies");
    }

    private static JsonPath problem(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.asString()).doesNotContain("\tat ").doesNotContain("Exception");
        return response.jsonPath();
    }

    private static URI address(String path) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        return URI.create("http://localhost:" + port + path);
    }
}
