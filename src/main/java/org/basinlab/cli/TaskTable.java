package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.basinlab.ledger.TaskView;

/** The tasks of a study, a line each. */
record TaskTable(List<TaskView> tasks) {

    private static final int LONGEST_REASON = 80;

    void print(PrintWriter out) {
        TextTable table = new TextTable("task", "kind", "what", "state", ">tries", "worker", ">done", "reason");
        for (TaskView task : tasks) {
            table.add(List.of(
                    task.id().toString().substring(0, 13),
                    task.kind(),
                    what(task),
                    task.state() + (task.reusedFrom().isPresent() ? " (reused)" : ""),
                    task.attempts().isPresent() ? Integer.toString(task.attempts().getAsInt()) : "",
                    task.worker().orElse(""),
                    task.progress()
                            .map(share -> String.format(Locale.ROOT, "%.0f %%", 100 * share))
                            .orElse(""),
                    shortened(task.reason().orElse(""))));
        }
        table.print(out);
    }

    static String what(TaskView task) {
        return "%s/%s %d"
                .formatted(
                        task.arm(),
                        task.variant().isEmpty() ? task.scheme() : task.scheme() + " " + task.variant(),
                        task.groupId());
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON - 1) + "…";
    }
}
