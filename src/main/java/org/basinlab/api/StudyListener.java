package org.basinlab.api;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskView;
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

    private final UUID study;
    private final StudyWatch watch;
    private final SseEventSink sink;
    private final Sse sse;
    private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
    private long sentAt = System.nanoTime();
    private long lookedAt;
    private boolean missed = true;
    private boolean studyFirst;

    /** @param resumed whether this goes on where an earlier one was broken off */
    StudyListener(UUID study, boolean resumed, StudyWatch watch, SseEventSink sink, Sse sse) {
        this.studyFirst = !resumed;
        this.study = study;
        this.watch = watch;
        this.sink = sink;
        this.sse = sse;
    }

    UUID study() {
        return study;
    }

    /**
     * Sends what is new, unless the last is still on its way.
     *
     * @param changed whether something is known to be new
     * @param most after how long it looks all the same
     * @return false once nobody listens any more
     */
    boolean look(boolean changed, Duration most) {
        if (sink.isClosed() || sending.isCompletedExceptionally()) {
            close();
            return false;
        }
        missed |= changed || since(lookedAt).compareTo(most) >= 0;
        if (!sending.isDone()) {
            if (since(sentAt).compareTo(PATIENCE) > 0) {
                close();
                return false;
            }
            return true;
        }
        List<OutboundSseEvent> events = missed ? news() : List.of();
        if (events.isEmpty() && since(sentAt).compareTo(BETWEEN_SIGNS) > 0) {
            events = List.of(sse.newEventBuilder().comment("still here").build());
        }
        if (!events.isEmpty()) {
            send(events);
        }
        return true;
    }

    private static Duration since(long time) {
        return Duration.ofNanos(System.nanoTime() - time);
    }

    void close() {
        if (!sink.isClosed()) {
            sink.close();
        }
    }

    private List<OutboundSseEvent> news() {
        lookedAt = System.nanoTime();
        try {
            List<OutboundSseEvent> events = events(watch.look());
            missed = false;
            return events;
        } catch (IllegalStateException e) {
            // The store is away: what happens meanwhile is told afterwards.
            LOG.debugf("nothing can be told of a study: %s", e.getMessage());
            return List.of();
        }
    }

    /** Who breaks off in the middle of them goes on before the first of them. */
    private List<OutboundSseEvent> events(StudyWatch.Look look) {
        List<Named> things = new ArrayList<>();
        look.inOrder().forEach(thing -> things.add(new Named(thing instanceof TaskView ? "task" : "log", thing)));
        look.progress().forEach(progress -> things.add(new Named("progress", progress)));
        // Who begins wants to know first what it is about; who goes on, the end of a study last.
        look.study().ifPresent(study -> things.add(studyFirst ? 0 : things.size(), new Named("study", study)));
        studyFirst = false;
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
