package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.basinlab.api.TaskBody;
import org.basinlab.ledger.TaskDetail;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;

/** One task in full: where it stands and why, its attempts, and what they said. */
record TaskCardText(TaskBody body, List<TaskLogLine> log) {

    /** The end of a log says more than its beginning. */
    private static final int MOST_LINES = 40;

    void print(PrintWriter out) {
        TaskView task = body.task();
        out.println("%s  %s  %s  %s".formatted(task.kind(), TaskTable.what(task), task.id(), task.state()));
        out.println("study    %s  %s, task %d".formatted(task.study(), task.studyId(), task.ordinal()));
        task.reason().ifPresent(reason -> out.println("reason   " + reason));
        task.progress().ifPresent(share -> out.println(String.format(Locale.ROOT, "done     %.0f %%", 100 * share)));
        body.memo()
                .ifPresent(
                        memo -> out.println("memo     %s: %s".formatted(memo.hit() ? "hit" : "miss", memo.reason())));
        task.networkId().ifPresent(network -> out.println("network  " + network));
        if (!body.inputs().isEmpty()) {
            out.println("inputs   "
                    + body.inputs().stream()
                            .map(input -> input.toString().substring(0, 13))
                            .collect(Collectors.joining(", ")));
        }
        printAttempts(out);
        printLog(out);
    }

    private void printAttempts(PrintWriter out) {
        if (body.tries().isEmpty()) {
            out.println("attempts none");
            return;
        }
        out.println();
        TextTable table = new TextTable(">attempt", "worker", "began", ">took", "ended", "message");
        for (TaskDetail.Attempt attempt : body.tries()) {
            table.add(List.of(
                    Integer.toString(attempt.number()),
                    "%s (%s)"
                            .formatted(
                                    attempt.host(),
                                    attempt.workerId().toString().substring(0, 8)),
                    attempt.startedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    attempt.endedAt().map(end -> took(attempt.startedAt(), end)).orElse(""),
                    attempt.outcome().orElse("runs"),
                    attempt.message().orElse("")));
        }
        table.print(out);
    }

    private static String took(Instant began, Instant ended) {
        Duration time = Duration.between(began, ended);
        return time.toMinutes() > 0
                ? Sizes.clock(time)
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    private void printLog(PrintWriter out) {
        if (log.isEmpty()) {
            return;
        }
        out.println();
        if (log.size() > MOST_LINES) {
            out.println("log (the last %d of %d lines; --json has all)".formatted(MOST_LINES, log.size()));
        } else {
            out.println("log");
        }
        log.subList(Math.max(0, log.size() - MOST_LINES), log.size())
                .forEach(line -> out.println("  %d  %s  %-5s  %s"
                        .formatted(
                                line.attempt(),
                                line.at().truncatedTo(ChronoUnit.SECONDS),
                                line.level(),
                                line.message())));
    }
}
