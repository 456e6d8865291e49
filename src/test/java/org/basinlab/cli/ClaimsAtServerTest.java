package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.Verdicts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims asked of a server that knows what this program's register knows, as a machine on which nothing was ever run. */
class ClaimsAtServerTest {

    private static final String STUDY = "5f3a0000-0000-0000-0000-000000000001";

    @TempDir
    private static Path home;

    private final Map<String, String> answers = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private String address;

    @BeforeAll
    static void leaveOutWhatShips() {
        System.setProperty("basinlab.evidence", "off");
    }

    @AfterAll
    static void asItWas() {
        System.clearProperty("basinlab.evidence");
    }

    @BeforeEach
    void listen() throws IOException {
        Verdicts known = new Verdicts(ClaimRegister.shipped(), Optional.empty());
        answers.put("/api/claims?limit=1000", page(known.lines()));
        known.ids()
                .forEach(id -> answers.put(
                        "/api/claims/" + id,
                        CanonicalJson.write(known.card(id, Optional.empty()).orElseThrow())));
        answers.put("/api/studies?match=told&limit=1000", """
                {"items": [{"id": "%s", "name": "told", "paper": null, "seed": 1, "state": "RUNNING", "version": 1, "tasks": 1,
                 "tasksByState": {"LEASED": 1}, "reused": 0, "createdAt": "2026-01-01T00:00:00Z", "startedAt": null,
                 "finishedAt": null, "bundle": null, "partial": false, "priority": 0, "maxRunning": null}],
                 "next": null}""".formatted(STUDY));
        answers.put(
                "/api/studies/%s/claims?limit=1000".formatted(STUDY),
                page(known.lines().subList(0, 2)));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            asked.add(path);
            String body = answers.getOrDefault(path, "{\"detail\": \"nothing is at %s\"}".formatted(path));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answers.containsKey(path) ? 200 : 404, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "claims",
                "claims --json",
                "claims --paper 2510.09174",
                "claims --paper nothing",
                "claims H1",
                "claims H1 --sql",
                "claims H1 --json",
                "claims G99"
            })
    void a_server_is_answered_for_as_the_store_is(String command) {
        Called there = Called.with(words(command, "--server", address));
        Called here = Called.with(words(command, "--data-home", home.resolve("empty")));

        assertThat(there).isEqualTo(here);
        assertThat(asked).isNotEmpty();
    }

    @Test
    void of_a_study_what_it_lists_is_shown() {
        Called called = Called.with("claims", "--study", "told", "--server", address);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out().lines().filter(line -> line.matches("[A-Z]\\d+ .*")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "claims H1 --study told | study told does not list claim H1",
                "claims --study told --paper 2510.09174 H1 | --paper must be left out where a claim is named",
                "claims --token secret | --token must come with --server"
            })
    void a_wrong_call_gets_one_line(String command, String said) {
        Called called = Called.with(command.contains("--token") ? words(command) : words(command, "--server", address));

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).hasLineCount(1).contains(said);
    }

    private static String page(List<?> items) {
        Map<String, Object> page = new HashMap<>();
        page.put("items", items);
        page.put("next", null);
        return CanonicalJson.write(page);
    }

    private static Object[] words(String command, Object... further) {
        List<Object> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of(further));
        return words.toArray();
    }
}
