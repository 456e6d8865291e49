package org.basinlab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.basinlab.ledger.StudyView;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskProgress;
import org.basinlab.ledger.TaskView;
import org.jspecify.annotations.Nullable;

/** The events of a study at a server, taken up again where they broke off. */
final class EventStream {

    private static final long BETWEEN_TRIES_MILLIS = 1_000;

    /** A server that is restarted is back by then. */
    private static final int MOST_TRIES = 60;

    private final ServerCalls calls;
    private final String path;
    private final PrintWriter err;
    private Optional<String> last = Optional.empty();
    private int tries;
    private boolean isAway;

    EventStream(ServerCalls calls, String path, PrintWriter err) {
        this.calls = calls;
        this.path = path;
        this.err = err;
    }

    /**
     * Returns when the watcher has seen enough.
     *
     * @throws UnusableException if the server cannot be reached for a minute, or says for as long that it cannot
     */
    void read(Desk.Watcher watcher) throws InterruptedException {
        while (true) {
            try (InputStream stream = calls.stream(path, last)) {
                if (isAway) {
                    isAway = false;
                    err.println("the server answers again");
                }
                if (readEvents(stream, watcher)) {
                    return;
                }
                goOn(new IOException("the connection ended"));
            } catch (IOException e) {
                goOn(e);
            }
        }
    }

    private void goOn(IOException fault) throws InterruptedException {
        if (last.isEmpty() || tries == MOST_TRIES) {
            throw fault instanceof ServerCalls.UnavailableException busy ? busy.refused() : calls.unreachable(fault);
        }
        if (tries == 0) {
            isAway = true;
            err.println("the server does not answer, asked again every second: " + ServerCalls.why(fault));
        }
        tries++;
        Thread.sleep(BETWEEN_TRIES_MILLIS);
    }

    /** Whether the watcher has seen enough; false where the stream ended before. */
    private boolean readEvents(InputStream stream, Desk.Watcher watcher) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        Event event = new Event();
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isEmpty()) {
                event.take(line);
                continue;
            }
            Optional<StudyWatch.Look> look = event.look();
            if (look.isPresent()) {
                last = Optional.of(event.id);
                tries = 0;
                if (watcher.see(look.get())) {
                    return true;
                }
            }
            event = new Event();
        }
        return false;
    }

    /** One event, as its lines come; comments and keys that we do not send are passed over. */
    private static final class Event {

        private String id = "";
        private String name = "";
        private String data = "";

        void take(String line) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                return;
            }
            String value = line.substring(colon + 1).stripLeading();
            switch (line.substring(0, colon)) {
                case "id" -> id = value;
                case "event" -> name = value;
                case "data" -> data += value;
                default -> {
                    // Nothing else is for us.
                }
            }
        }

        Optional<StudyWatch.Look> look() throws JsonProcessingException {
            if (data.isEmpty() || id.isEmpty()) {
                return Optional.empty();
            }
            JsonNode node = ServerCalls.JSON.readTree(data);
            return Optional.of(
                    switch (name) {
                        case "study" ->
                            look(Optional.of(ServerCalls.read(node, StudyView.class)), List.of(), List.of(), List.of());
                        case "task" ->
                            look(
                                    Optional.empty(),
                                    List.of(ServerCalls.read(node, TaskView.class)),
                                    List.of(),
                                    List.of());
                        case "progress" ->
                            look(
                                    Optional.empty(),
                                    List.of(),
                                    List.of(ServerCalls.read(node, TaskProgress.class)),
                                    List.of());
                        case "log" ->
                            look(
                                    Optional.empty(),
                                    List.of(),
                                    List.of(),
                                    List.of(ServerCalls.read(node, TaskLogLine.class)));
                        default -> look(Optional.empty(), List.of(), List.of(), List.of());
                    });
        }

        private StudyWatch.Look look(
                Optional<StudyView> study, List<TaskView> tasks, List<TaskProgress> progress, List<TaskLogLine> log) {
            Instant at = Instant.parse(id);
            return new StudyWatch.Look(study, tasks, progress, log, at, at);
        }
    }
}
