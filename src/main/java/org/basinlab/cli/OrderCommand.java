package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.basinlab.ledger.Controlled;
import org.basinlab.recipe.CanonicalJson;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that orders one thing of what is in the store, and says what came of it. */
abstract class OrderCommand implements Callable<Integer> {

    private final Desk.Order order;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    OrderCommand(Desk.Order order) {
        this.order = order;
    }

    /** What it is ordered of, as the user named it. */
    abstract String target();

    @Override
    public Integer call() {
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            Controlled done = desk.steer(order, target());
            PrintWriter out = spec.commandLine().getOut();
            out.println(shared.json() ? CanonicalJson.write(done) : sentence(done));
            return ExitCode.DONE;
        }
    }

    private String sentence(Controlled done) {
        String before = done.before().name().toLowerCase(Locale.ROOT);
        String after = done.after().name().toLowerCase(Locale.ROOT);
        if (order == Desk.Order.RETRY) {
            return "study %s is %s (was %s): %s"
                    .formatted(
                            done.study(),
                            after,
                            before,
                            counted(done.tasks(), "is in the queue again", "are in the queue again"));
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
