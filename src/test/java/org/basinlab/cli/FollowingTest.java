package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.StudyWatch;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;
import org.junit.jupiter.api.Test;

class FollowingTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final StringWriter out = new StringWriter();
    private final Following following = new Following(new PrintWriter(out, true), false, Optional.empty());

    @Test
    void each_line_has_the_time_at_which_it_happened_and_they_are_in_that_order() throws Exception {
        TaskView ready = task(1, "READY", 30);
        TaskView leased = task(2, "LEASED", 4);
        TaskLogLine line = new TaskLogLine(id(2), 1, 1, NOON.plusSeconds(9), "info", "epoch 1");

        following.see(look(List.of(ready, leased), List.of(line)));

        assertThat(out.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith(clock(4)).contains("leased on lab"),
                        second -> assertThat(second).startsWith(clock(9)).contains("epoch 1"),
                        third -> assertThat(third).startsWith(clock(30)).contains("ready: the worker fell silent"));
    }

    @Test
    void what_comes_again_is_said_once() throws Exception {
        following.see(look(List.of(task(1, "LEASED", 4)), List.of()));
        following.see(look(List.of(task(1, "LEASED", 4)), List.of()));
        following.see(look(List.of(task(1, "LEASED", 5)), List.of()));

        assertThat(out.toString().lines()).hasSize(2);
    }

    private static StudyWatch.Look look(List<TaskView> tasks, List<TaskLogLine> log) {
        return new StudyWatch.Look(Optional.empty(), tasks, List.of(), log, NOON, NOON.plusSeconds(60));
    }

    private static TaskView task(int number, String state, int changedAfter) throws Exception {
        return ServerCalls.JSON.readValue(
                """
                {"id": "%s", "studyId": "%s", "study": "told", "ordinal": 0, "kind": "train", "state": "%s", "reason": %s,
                 "arm": "main", "scheme": "trained", "stage": null, "groupSize": 1, "groupId": 0, "matching": "", "variant": "",
                 "seed": null, "networkId": null, "reusedFrom": null, "attempts": 1, "startedAt": "%s", "finishedAt": null,
                 "seconds": null, "workerId": null, "worker": "lab", "changedAt": "%s", "progress": null}""".formatted(
                                id(number),
                                id(9),
                                state,
                                state.equals("READY") ? "\"the worker fell silent\"" : null,
                                NOON,
                                NOON.plusSeconds(changedAfter)),
                TaskView.class);
    }

    private static UUID id(int number) {
        return new UUID(number, number);
    }

    private static String clock(int seconds) {
        return DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
                .format(ZonedDateTime.ofInstant(NOON.plusSeconds(seconds), ZoneId.systemDefault()));
    }
}
