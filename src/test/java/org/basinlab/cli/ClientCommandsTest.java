package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client commands against a server that answers what it is told to. */
class ClientCommandsTest {

    private static final String ID = "5f3a0000-0000-0000-0000-000000000001";

    private static final String TASK = "81d2c07e-0000-0000-0000-000000000002";

    private static final String STUDY = """
            {"id": "%s", "name": "told", "paper": null, "seed": 1, "state": "%s", "version": 1, "tasks": 1,
             "tasksByState": {"%s": 1}, "reused": 0, "createdAt": "2026-01-01T00:00:00Z", "startedAt": null, "finishedAt": null,
             "bundle": null, "partial": false, "priority": 0, "maxRunning": null}""";

    private final Map<String, List<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private HttpServer server;
    private String address;

    private record Answer(int status, String type, String body) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            asked.add(path + " " + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            events.addAll(exchange.getRequestHeaders().getOrDefault("Last-event-id", List.of()));
            List<Answer> queued = answers.getOrDefault(path, new ArrayList<>());
            Answer answer = queued.isEmpty()
                    ? new Answer(404, "application/problem+json", "{\"detail\": \"nothing is at %s\"}".formatted(path))
                    : queued.size() == 1 ? queued.get(0) : queued.remove(0);
            exchange.getResponseHeaders().add("Content-Type", answer.type());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
        answer(
                "GET /api/studies?match=told&limit=1000",
                200,
                "{\"items\": [%s], \"next\": null}".formatted(study("RUNNING")));
        for (String none : List.of("unheard", "nightly")) {
            answer("GET /api/studies?match=%s&limit=1000".formatted(none), 200, "{\"items\": [], \"next\": null}");
        }
        for (String beginning : List.of("5", "5f", "5f3", "5f3a")) {
            answer(
                    "GET /api/studies?match=%s&limit=1000".formatted(beginning),
                    200,
                    "{\"items\": [%s], \"next\": null}".formatted(study("RUNNING")));
        }
        answer("GET /api/schedules?limit=1000", 200, """
                {"items": [{"id": "77aa0000-0000-0000-0000-000000000003", "name": "nightly", "cron": "0 0 2 * * ?",
                 "misfire": "skip", "timeZone": "UTC", "enabled": false, "previous": null, "next": null,
                 "lastStudy": null, "lastFault": null, "firings": 0}], "next": null}""");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void an_order_goes_to_the_study_that_is_meant_with_the_token() {
        answer("POST /api/studies/%s/pause".formatted(ID), 200, """
                {"study": "%s", "before": "RUNNING", "after": "PAUSED", "tasks": 0}""".formatted(ID));

        Called called = Called.with("pause", "told", "--server", address + "/", "--token", "secret");

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).isEqualToIgnoringNewLines("told (study %s) is paused (was running)\n".formatted(ID));
        assertThat(asked.get(asked.size() - 1)).isEqualTo("POST /api/studies/%s/pause [Bearer secret]".formatted(ID));
    }

    @ParameterizedTest
    @CsvSource({"409, 2", "404, 2", "401, 2", "500, 3", "503, 3"})
    void a_problem_is_told_in_its_own_words(int status, int code) {
        answer("POST /api/studies/%s/resume".formatted(ID), status, "{\"detail\": \"it cannot be so\"}");

        Called called = Called.with("resume", "told", "--server", address);

        assertThat(called.code()).isEqualTo(code);
        assertThat(called.err()).isEqualToIgnoringNewLines("basinlab: it cannot be so\n");
    }

    @Test
    void a_stream_that_breaks_off_is_taken_up_where_it_was() {
        String path = "GET /api/studies/%s/events".formatted(ID);
        answers.put(
                path,
                new ArrayList<>(List.of(
                        stream(event("2026-01-01T00:00:01Z", "study", study("RUNNING")) + ": still here\n\n"),
                        stream(event("2026-01-01T00:00:02Z", "log", """
                                {"task": "%s", "attempt": 1, "line": 1, "at": "2026-01-01T00:00:02Z", "level": "warn", "message": "slow"}""".formatted(TASK))
                                + event("2026-01-01T00:00:03Z", "study", study("FAILED"))))));

        Called called = Called.with("tasks", "told", "--follow", "--server", address);

        assertThat(called.code()).as(called.err()).isEqualTo(1);
        assertThat(called.out()).contains("told running", "task 81d2c07e | warn: slow", "told failed");
        assertThat(called.err()).isEqualToNormalizingNewlines("""
                the server does not answer, asked again every second: the connection ended
                the server answers again
                """);
        assertThat(events).containsExactly("2026-01-01T00:00:01Z");
    }

    @Test
    void a_server_that_cannot_for_a_moment_is_asked_again() {
        String path = "GET /api/studies/%s/events".formatted(ID);
        answers.put(
                path,
                new ArrayList<>(List.of(
                        stream(event("2026-01-01T00:00:01Z", "study", study("RUNNING"))),
                        new Answer(503, "application/problem+json", "{\"detail\": \"the store is away\"}"),
                        stream(event("2026-01-01T00:00:02Z", "study", study("SUCCEEDED"))))));

        Called called = Called.with("tasks", "told", "--follow", "--server", address);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).contains("told succeeded");
        assertThat(events).containsExactly("2026-01-01T00:00:01Z", "2026-01-01T00:00:01Z");
    }

    @Test
    void a_server_that_tells_too_many_already_is_not_asked_again() {
        answer("GET /api/studies/%s/events".formatted(ID), 503, "{\"detail\": \"64 listen already\"}");

        Called called = Called.with("tasks", "told", "--follow", "--server", address);

        assertThat(called.code()).isEqualTo(3);
        assertThat(called.err()).isEqualToIgnoringNewLines("basinlab: 64 listen already\n");
    }

    @Test
    void followed_as_json_each_line_is_a_document() {
        answers.put(
                "GET /api/studies/%s/events".formatted(ID),
                List.of(stream(event("2026-01-01T00:00:01Z", "study", study("SUCCEEDED")))));

        Called called = Called.with("tasks", "told", "--follow", "--json", "--server", address);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out().lines()).singleElement().asString().contains("\"event\":\"study\"", "\"SUCCEEDED\"");
    }

    @Test
    void nobody_at_the_address_is_said_in_one_line() {
        server.stop(0);

        Called called = Called.with("studies", "--server", address);

        assertThat(called.code()).isEqualTo(3);
        assertThat(called.err())
                .isEqualToIgnoringNewLines(
                        "basinlab: the server %s must answer: nothing listens there\n".formatted(address));
    }

    @Test
    void what_is_no_server_of_ours_is_said_so() {
        answer("GET /api/studies?limit=1000", 200, "<html>");

        Called called = Called.with("studies", "--server", address);

        assertThat(called.code()).isEqualTo(3);
        assertThat(called.err()).contains("must be a basinlab server, its answer is no JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cancel unheard | no study has the id or name 'unheard'; basinlab studies lists them",
                "tasks unheard | no study or task has the id 'unheard'",
                "tasks told --state sleeping | --state must be one of waiting, ready, leased, succeeded, failed, cancelled, blocked, was 'sleeping'",
                "tasks told --follow --state failed | --follow must come without --state and --kind",
                "cancel 5 | at least 4 characters of an id, was told '5', which begins study 5f3a0000-0000-0000-0000-000000000001 (told)",
                "set 5f3 --priority 1 | at least 4 characters of an id, was told '5f3'",
                "extend 5f --seeds 4:1 | at least 4 characters of an id, was told '5f'",
                "retry 5f3 | at least 4 characters of an id, was told '5f3'",
                "schedules 77 --remove | at least 4 characters of an id, was told '77'",
                "pause nightly | a schedule has: basinlab schedules nightly; with --disable it fires no more",
                "extend told --seeds 4 | --seeds must be FROM:COUNT, two whole numbers such as 16:4, was '4'",
                "extend told --seeds 4:0 | --seeds: seeds.count must lie in [1, 100000], was 0",
                "set told | set must be told --priority or --max-running, was told neither",
                "set told --priority 101 | --priority must lie in [-100, 100], was 101",
                "set told --max-running 0 | --max-running must be a whole number of at least 1, or none, was '0'"
            })
    void a_wrong_call_gets_one_line(String call, String said) {
        List<Object> words = new ArrayList<>(List.of(call.split(" ")));
        words.addAll(List.of("--server", address));

        Called called = Called.with(words.toArray());

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).hasLineCount(1).contains(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "paus told | basinlab: no command 'paus' (did you mean pause?) (basinlab --help says more)",
                "worker --server http://lab:8080 | basinlab: worker has no option '--server' (basinlab worker --help says more)",
                "tasks told --folow | basinlab: tasks has no option '--folow' (did you mean --follow?) (basinlab tasks --help says more)",
                "checkpoint verfy | basinlab: no command 'verfy' (did you mean verify?) (basinlab checkpoint --help says more)"
            })
    void what_there_is_not_is_named_with_what_may_be_meant(String call, String said) {
        Called called = Called.with((Object[]) call.split(" "));

        assertThat(called).isEqualTo(new Called(2, "", said + System.lineSeparator()));
    }

    @Test
    void four_characters_of_an_id_are_enough_to_steer_by_and_one_to_look_by() {
        answer("GET /api/studies/%s/table".formatted(ID), 200, "{\"rows\": []}");
        answer("GET /api/studies/%s/claims?limit=1000".formatted(ID), 200, "{\"items\": [], \"next\": null}");
        answer("POST /api/studies/%s/cancel".formatted(ID), 200, """
                {"study": "%s", "before": "RUNNING", "after": "CANCELLED", "tasks": 1}""".formatted(ID));

        Called looked = Called.with("study", "5", "--server", address);
        Called cancelled = Called.with("cancel", "5f3a", "--server", address);

        assertThat(looked.code()).as(looked.err()).isZero();
        assertThat(looked.out()).contains(ID).doesNotContain("SQL");
        assertThat(cancelled.out())
                .isEqualToIgnoringNewLines(
                        "told (study %s) is cancelled (was running): 1 task was taken out of the queue\n"
                                .formatted(ID));
    }

    @Test
    void a_bound_of_one_is_said_as_one() {
        answer("PATCH /api/studies/" + ID, 200, study("RUNNING").replace("\"maxRunning\": null", "\"maxRunning\": 1"));

        Called called = Called.with("set", "told", "--max-running", "1", "--server", address);

        assertThat(called.out()).as(called.err()).endsWith("at most 1 task at a time" + System.lineSeparator());
    }

    @Test
    void a_schedule_that_is_off_already_is_left_alone() {
        Called called = Called.with("schedules", "nightly", "--disable", "--server", address);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).contains("nightly (schedule 77aa0000", "is off already, nothing was changed");
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_host_that_nobody_knows_is_said_to_be_so() {
        Called called = Called.with("studies", "--server", "http://no-such-host.invalid:8080");

        assertThat(called.code()).isEqualTo(3);
        assertThat(called.err())
                .contains("must answer: nobody knows a host of that name")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab:8080", "ftp://lab", "http://", "http://lab/?a=b"})
    void an_address_that_is_none_is_refused(String wrong) {
        Called called = Called.with("studies", "--server", wrong);

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("--server must be the address of a server", "'%s'".formatted(wrong));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worker",
                "submit",
                "tasks",
                "pause",
                "resume",
                "cancel",
                "retry",
                "extend",
                "set",
                "studies",
                "schedules"
            })
    void help_has_examples(String command) {
        Called called = Called.with(command, "--help");

        assertThat(called.code()).isZero();
        assertThat(called.out()).contains("Examples:", "  basinlab " + command);
    }

    private void answer(String request, int status, String body) {
        answers.put(request, new ArrayList<>(List.of(new Answer(status, "application/json", body))));
    }

    private static Answer stream(String text) {
        return new Answer(200, "text/event-stream", text);
    }

    private static String event(String id, String name, String data) {
        return "id:%s\nevent:%s\ndata:%s\n\n".formatted(id, name, data.replaceAll("\\s+", " "));
    }

    private static String study(String state) {
        return STUDY.formatted(ID, state, state.equals("RUNNING") ? "LEASED" : state);
    }
}
