package org.basinlab.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Submits studies over HTTP, again and again under one key until a server has said yes, and remembers what was said. */
final class Submitter {

    private static final Duration ONE_TRY = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Processes processes;
    private final String prefix;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final AtomicInteger keys = new AtomicInteger();

    /** By key: those that a server has acknowledged, and all that were sent. */
    private final Map<String, Taken> acknowledged = new ConcurrentSkipListMap<>();

    private final Map<String, String> sent = new ConcurrentHashMap<>();

    /** Other studies under a key that had one already. */
    private final Queue<Taken> contradictions = new ConcurrentLinkedQueue<>();

    /**
     * A study that a server has acknowledged.
     *
     * @param compared whether it must give what it gives without faults; one that is cancelled or meant to fail need not
     */
    record Taken(String key, UUID id, String text, boolean compared) {}

    /** @param prefix of all keys */
    Submitter(Processes processes, String prefix) {
        this.processes = processes;
        this.prefix = prefix;
    }

    String newKey() {
        return "%s-%04d".formatted(prefix, keys.incrementAndGet());
    }

    boolean isAcknowledged(String key) {
        return acknowledged.containsKey(key);
    }

    List<Taken> acknowledged() {
        return List.copyOf(acknowledged.values());
    }

    /** All that was ever answered, also what contradicts an answer before. */
    List<Taken> answers() {
        List<Taken> all = new ArrayList<>(acknowledged.values());
        all.addAll(contradictions);
        return all;
    }

    /** The keys under which something was sent, answered or not. */
    List<String> sent() {
        return List.copyOf(new TreeSet<>(sent.keySet()));
    }

    /** Tries until a server takes it in. */
    Taken submit(String text, String key, Duration most) {
        return submit(text, key, most, true);
    }

    /** The same for a study that is to be cancelled, or to fail. */
    Taken submitUncompared(String text) {
        return submit(text, newKey(), Duration.ofMinutes(2), false);
    }

    private Taken submit(String text, String key, Duration most, boolean compared) {
        sent.put(key, text);
        String answer = untilHeard("/api/studies", Optional.of(key), text, most).body();
        Taken taken = new Taken(key, id(answer), text, compared);
        acknowledged.merge(key, taken, (before, now) -> {
            if (!before.id().equals(now.id())) {
                contradictions.add(now);
            }
            return before;
        });
        return taken;
    }

    /** Sends one submission several times at once; each must be answered with the same study. */
    Struck submitAtOnce(String text, int times) {
        String key = newKey();
        List<Threads.Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            attempts.add(Threads.attempt("submission-" + i, () -> submit(text, key, Duration.ofMinutes(2))));
        }
        Struck struck = Struck.nobody("%d answers under one key".formatted(times));
        for (Threads.Attempt attempt : attempts) {
            for (String fault : attempt.await()) {
                struck = struck.wrong("each of %d submissions at once must be answered: %s".formatted(times, fault));
            }
        }
        return struck;
    }

    /** Cancels a study; the status of the answer: 409 where it had ended before. */
    int cancel(Taken study) {
        HttpResponse<String> answer =
                untilHeard("/api/studies/%s/cancel".formatted(study.id()), Optional.empty(), "", Duration.ofMinutes(2));
        return answer.statusCode();
    }

    /** Waits until the first server answers. */
    void awaitServer(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (System.nanoTime() < end) {
            try {
                HttpRequest request = HttpRequest.newBuilder(
                                processes.serverUrls().get(0).resolve("/api/studies?limit=1"))
                        .timeout(ONE_TRY)
                        .build();
                if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                requireAlive(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ChaosException("the run of faults was interrupted");
            }
            Threads.sleep(Duration.ofMillis(100));
        }
        throw new ChaosException("a server must answer within %d s, none did: %s"
                .formatted(most.toSeconds(), processes.server(0).lastWords()));
    }

    private void requireAlive(IOException why) {
        Child server = processes.server(0);
        if (!server.isAlive()) {
            throw new ChaosException(
                    "the server must stay, it ended with %d: %s".formatted(server.status(), server.lastWords()), why);
        }
    }

    /** 5xx and lost connections are tried again; what a server refuses is a fault of ours. */
    private HttpResponse<String> untilHeard(String path, Optional<String> key, String body, Duration most) {
        long end = System.nanoTime() + most.toNanos();
        String last = "nothing was answered";
        for (int i = 0; System.nanoTime() < end; i++) {
            List<URI> urls = processes.serverUrls();
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            urls.get(i % urls.size()).resolve(path))
                    .timeout(ONE_TRY)
                    .header("Content-Type", path.endsWith("/cancel") ? "application/json" : "application/yaml")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            key.ifPresent(text -> request.header("Idempotency-Key", text));
            try {
                HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < 300 || answer.statusCode() == 409) {
                    return answer;
                }
                last = answer.statusCode() + " " + answer.body();
                if (answer.statusCode() < 500 && answer.statusCode() != 429) {
                    throw new UnheardException("%s must be taken, the server said %s".formatted(path, last));
                }
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ChaosException("the run of faults was interrupted");
            }
            Threads.sleep(Duration.ofMillis(200));
        }
        throw new UnheardException("%s must be heard within %d s: %s".formatted(path, most.toSeconds(), last));
    }

    /** No server took what it must take. */
    static final class UnheardException extends ChaosException {

        private static final long serialVersionUID = 1;

        UnheardException(String message) {
            super(message);
        }
    }

    private static UUID id(String answer) {
        try {
            JsonNode document = JSON.readTree(answer);
            return UUID.fromString(document.get("id").asText());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ChaosException("a submission must be answered with a study, was: " + answer, e);
        }
    }
}
