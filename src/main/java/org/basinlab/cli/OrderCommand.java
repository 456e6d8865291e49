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
            Meaning.Thing thing = meant(desk);
            Controlled done = desk.steer(order, thing);
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    shared.json()
                            ? CanonicalJson.write(done)
                            : "%s (study %s) is %s".formatted(thing.studyName(), done.study(), became(done)));
            return ExitCode.DONE;
        }
    }

    private Meaning.Thing meant(Desk desk) {
        if (order != Desk.Order.RETRY) {
            return new Meaning.Thing.OfStudy(desk.studyToChange(target()));
        }
        Meaning.Thing thing = Meaning.thing(desk, target());
        Meaning.requireClear(thing, target());
        return thing;
    }

    private String became(Controlled done) {
        String before = done.before().name().toLowerCase(Locale.ROOT);
        String after = done.after().name().toLowerCase(Locale.ROOT);
        if (order == Desk.Order.RETRY) {
            return "%s (was %s): %s"
                    .formatted(after, before, counted(done.tasks(), "is in the queue again", "are in the queue again"));
        }
        if (done.before() == done.after()) {
            return after + " already, nothing was changed";
        }
        String tasks = order == Desk.Order.CANCEL
                ? ": " + counted(done.tasks(), "was taken out of the queue", "were taken out of the queue")
                : "";
        return "%s (was %s)%s".formatted(after, before, tasks);
    }

    private static String counted(int tasks, String one, String many) {
        return tasks == 1 ? "1 task " + one : "%d tasks %s".formatted(tasks, many);
    }
}
