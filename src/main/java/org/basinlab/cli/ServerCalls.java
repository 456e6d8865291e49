package org.basinlab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Requests to one server, its problems told as a command tells its own. */
final class ServerCalls {

    static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule().addDeserializer(Instant.class, new Instants()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Duration TO_CONNECT = Duration.ofSeconds(10);

    /** A large study takes a while to be laid out. */
    private static final Duration TO_ANSWER = Duration.ofMinutes(5);

    private static final int NOT_FOUND = 404;

    private static final int FIRST_OF_SERVER = 500;

    private static final int UNAVAILABLE = 503;

    private final String address;
    private final Optional<String> token;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TO_CONNECT).build();

    ServerCalls(String address, Optional<String> token) {
        String bare = address.replaceFirst("/+$", "");
        if (!bare.matches("https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
            throw new UsageException("--server must be the address of a server, such as http://127.0.0.1:8080, was '%s'"
                    .formatted(address));
        }
        this.address = bare;
        this.token = token;
    }

    String address() {
        return address;
    }

    /** A path below {@code /api}, its changing parts encoded by {@link #word}. */
    JsonNode get(String path) {
        return send(request(path).timeout(TO_ANSWER).GET().build()).body();
    }

    /** The same; empty where there is no such thing. */
    Optional<JsonNode> find(String path) {
        HttpResponse<String> response =
                ask(request(path).timeout(TO_ANSWER).GET().build());
        return response.statusCode() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(taken(response).body());
    }

    /** All items of a list that comes in parts. */
    <T> List<T> list(String path, Class<T> type) {
        List<T> all = new ArrayList<>();
        String sign = path.contains("?") ? "&" : "?";
        Optional<String> after = Optional.empty();
        do {
            JsonNode page = get(path + sign + "limit=1000"
                    + after.map(cursor -> "&after=" + word(cursor)).orElse(""));
            for (JsonNode item : page.path("items")) {
                all.add(read(item, type));
            }
            after = Optional.ofNullable(page.path("next").textValue());
        } while (after.isPresent());
        return all;
    }

    JsonNode sendJson(String method, String path, String body) {
        return send(request(path)
                        .timeout(TO_ANSWER)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build())
                .body();
    }

    /** @param key makes one study of however many requests, and never one that was there before */
    Answer submit(String specification, Optional<String> key) {
        HttpRequest.Builder request = request("/studies").timeout(TO_ANSWER).header("Content-Type", "application/yaml");
        key.ifPresent(word -> request.header("Idempotency-Key", word));
        return send(request.POST(BodyPublishers.ofString(specification)).build());
    }

    JsonNode send(String method, String path) {
        return send(request(path)
                        .timeout(TO_ANSWER)
                        .method(method, BodyPublishers.noBody())
                        .build())
                .body();
    }

    /**
     * The lines of a stream that does not end by itself.
     *
     * @throws UnavailableException if the server says that it cannot at the moment
     */
    InputStream stream(String path, Optional<String> lastEvent) throws IOException {
        HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
        lastEvent.ifPresent(id -> request.header("Last-Event-ID", id));
        HttpResponse<InputStream> response = exchange(request.GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                RuntimeException refused =
                        refused(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
                if (response.statusCode() == UNAVAILABLE) {
                    throw new UnavailableException(refused);
                }
                throw refused;
            }
        }
        return response.body();
    }

    static <T> T read(JsonNode node, Class<T> type) {
        try {
            return JSON.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new UnusableException("the server must be a basinlab of this version, its answer is no %s: %s"
                    .formatted(type.getSimpleName(), e.getOriginalMessage()));
        }
    }

    static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/api" + path));
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    private Answer send(HttpRequest request) {
        return taken(ask(request));
    }

    private HttpResponse<String> ask(HttpRequest request) {
        try {
            return exchange(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private Answer taken(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), response.body());
        }
        try {
            return new Answer(
                    response.statusCode(), JSON.readTree(response.body().isEmpty() ? "{}" : response.body()));
        } catch (JsonProcessingException e) {
            throw new UnusableException("%s must be a basinlab server, its answer is no JSON".formatted(address));
        }
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            return client.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableException("interrupted while %s was asked".formatted(address));
        }
    }

    UnusableException unreachable(IOException fault) {
        return new UnusableException("the server %s must answer: %s".formatted(address, why(fault)));
    }

    /** In words, what the client of the language says in one of its own or not at all. */
    static String why(IOException fault) {
        if (isUnknownHost(fault)) {
            return "nobody knows a host of that name";
        }
        if (fault instanceof ConnectException) {
            return "nothing listens there";
        }
        String message =
                Objects.requireNonNullElse(fault.getMessage(), fault.getClass().getSimpleName());
        return message.equals("closed") || message.startsWith("EOF") ? "the connection ended" : message;
    }

    private static boolean isUnknownHost(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .anyMatch(
                        cause -> cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException);
    }

    private RuntimeException refused(int status, String body) {
        String detail;
        try {
            JsonNode problem = JSON.readTree(body);
            detail = problem.path("detail").asText("status " + status);
        } catch (JsonProcessingException e) {
            detail = "%s answered with status %d and no problem of ours".formatted(address, status);
        }
        return status < FIRST_OF_SERVER ? new UsageException(detail) : new UnusableException(detail);
    }

    /** The server is there, and cannot at the moment (503). */
    static final class UnavailableException extends IOException {

        private static final long serialVersionUID = 1L;

        private final RuntimeException refused;

        UnavailableException(RuntimeException refused) {
            super(refused.getMessage(), refused);
            this.refused = refused;
        }

        /** What is said where it is not asked again. */
        RuntimeException refused() {
            return refused;
        }
    }

    /** What a request that was taken is answered with. */
    record Answer(int status, JsonNode body) {}

    /** As everywhere over HTTP, a point in time is its ISO 8601 text. */
    private static final class Instants extends FromStringDeserializer<Instant> {

        private static final long serialVersionUID = 1L;

        Instants() {
            super(Instant.class);
        }

        @Override
        protected Instant _deserialize(String text, com.fasterxml.jackson.databind.DeserializationContext context) {
            return Instant.parse(text);
        }
    }
}
