package org.basinlab.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The program as users start it, {@code ./basinlab serve}, in a process of its own on the store of a data home. */
final class QueueServer implements AutoCloseable {

    private static final Duration MOST_TO_START = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final URI studies;

    private QueueServer(Process process, int port) {
        this.process = process;
        this.studies = URI.create("http://127.0.0.1:%d/api/studies".formatted(port));
    }

    /**
     * Returns when it answers.
     *
     * @param evidence whether it brings the evidence that ships with the program into an empty store
     */
    static QueueServer start(Path home, int slots, boolean evidence) throws IOException, InterruptedException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                "./basinlab",
                "serve",
                "--workers",
                Integer.toString(slots),
                "--port",
                Integer.toString(port),
                "--data-home",
                home.toString());
        builder.environment().remove("OPENBLAS_CORETYPE");
        builder.environment().put("BASINLAB_EVIDENCE", evidence ? "on" : "off");
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                home.resolve("serve-%d.log".formatted(port)).toFile()));
        QueueServer server = new QueueServer(builder.start(), port);
        server.awaitAnswer();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitAnswer() throws InterruptedException {
        long end = System.nanoTime() + MOST_TO_START.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (http.send(HttpRequest.newBuilder(studies).build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the server ended with %d before it answered: see its log in the data home"
                            .formatted(process.exitValue()));
                }
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("the server did not answer within " + MOST_TO_START);
    }

    /** A study that was taken in, and how long that took from the request to the answer. */
    record Accepted(UUID study, double seconds) {}

    Accepted submit(String specification) throws IOException, InterruptedException {
        long started = System.nanoTime();
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(studies)
                        .header("Content-Type", "application/yaml")
                        .POST(HttpRequest.BodyPublishers.ofString(specification))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        double seconds = (System.nanoTime() - started) * 1e-9;
        if (response.statusCode() != 201) {
            throw new IllegalStateException("a study must be accepted, was answered by " + response.body());
        }
        return new Accepted(UUID.fromString(JSON.readTree(response.body()).get("id").asText()), seconds);
    }

    /** As the end of its machine: nobody is told. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server must stop within a minute when it is asked to");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
