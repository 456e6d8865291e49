package org.basinlab.api;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.recipe.CanonicalJson;
import org.jboss.logging.Logger;

/**
 * Somebody who listens to a study. What one look found is sent before the next look: more is never kept for anybody, and who
 * reads slowly gets the newest later.
 */
final class StudyListener {

    private static final Logger LOG = Logger.getLogger(StudyListener.class);

    /** Proxies close connections on which nothing is sent. */
    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(15);

    /** Who has not taken anything for so long is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StudyWatch watch;
    private final SseEventSink sink;
    private final Sse sse;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    private long sentAt = System.nanoTime();

    StudyListener(StudyWatch watch, SseEventSink sink, Sse sse) {
        this.watch = watch;
        this.sink = sink;
        this.sse = sse;
    }

    /** Sends what is new, unless the last is still on its way; false once nobody listens any more. */
    boolean look() {
        if (sink.isClosed() || sending.isCompletedExceptionally()) {
            close();
            return false;
        }
        Duration quiet = Duration.ofNanos(System.nanoTime() - sentAt);
        if (!sending.isDone()) {
            if (quiet.compareTo(PATIENCE) > 0) {
                close();
                return false;
            }
            return true;
        }
        List<OutboundSseEvent> events = news();
        if (events.isEmpty() && quiet.compareTo(BETWEEN_SIGNS) > 0) {
            events = List.of(sse.newEventBuilder().comment("still here").build());
        }
        if (!events.isEmpty()) {
            send(events);
        }
        return true;
    }

    void close() {
        if (!sink.isClosed()) {
            sink.close();
        }
    }

    private List<OutboundSseEvent> news() {
        try {
            return events(watch.look());
        } catch (IllegalStateException e) {
            // The store is away: what happens meanwhile is told afterwards.
            LOG.debugf("nothing can be told of a study: %s", e.getMessage());
            return List.of();
        }
    }

    /** Who breaks off in the middle of them goes on before the first of them. */
    private List<OutboundSseEvent> events(StudyWatch.Look look) {
        List<Named> things = new ArrayList<>();
        look.log().forEach(line -> things.add(new Named("log", line)));
        look.progress().forEach(progress -> things.add(new Named("progress", progress)));
        look.tasks().forEach(task -> things.add(new Named("task", task)));
        look.study().ifPresent(study -> things.add(new Named("study", study)));
        List<OutboundSseEvent> events = new ArrayList<>();
        for (int i = 0; i < things.size(); i++) {
            Instant id = i + 1 < things.size() ? look.from() : look.until();
            events.add(sse.newEventBuilder()
                    .id(id.toString())
                    .name(things.get(i).name())
                    .data(CanonicalJson.write(things.get(i).thing()))
                    .build());
        }
        return events;
    }

    private void send(List<OutboundSseEvent> events) {
        sentAt = System.nanoTime();
        try {
            sending = CompletableFuture.allOf(events.stream()
                    .map(event -> sink.send(event).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new));
        } catch (IllegalStateException e) {
            // It was closed in this moment; the next look takes it away.
            LOG.debugf("somebody stopped listening: %s", e.getMessage());
        }
    }

    private record Named(String name, Object thing) {}
}
