package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.basinlab.ledger.Controlled;
import org.basinlab.recipe.CanonicalJson;
import picocli.CommandLine.Model.CommandSpec;

/** Says what steering did. */
final class Steered {

    private Steered() {}

    static int print(Controlled done, Desk.Order order, SharedOptions shared, CommandSpec spec) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(done));
        } else {
            out.println(sentence(done, order));
        }
        return ExitCode.DONE;
    }

    private static String sentence(Controlled done, Desk.Order order) {
        String before = done.before().name().toLowerCase(Locale.ROOT);
        String after = done.after().name().toLowerCase(Locale.ROOT);
        if (order == Desk.Order.RETRY) {
            return "study %s is %s (was %s): %s"
                    .formatted(done.study(), after, before, counted(done.tasks(), "is in the queue again", "are in the queue again"));
        }
        if (done.before() == done.after()) {
            return "study %s is %s already, nothing was changed".formatted(done.study(), after);
        }
        String tasks = order == Desk.Order.CANCEL
                ? ": " + counted(done.tasks(), "was taken out of the queue", "were taken out of the queue")
                : "";
        return "study %s is %s (was %s)%s".formatted(done.study(), after, before, tasks);
    }

    private static String counted(int tasks, String one, String many) {
        return tasks == 1 ? "1 task " + one : "%d tasks %s".formatted(tasks, many);
    }
}
