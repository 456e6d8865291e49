package org.basinlab.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code basinlab worker}: slots without pages, on a store that others share. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = {
            "Runs what is in the queue of a store, until it is stopped: any number of workers and servers may share one. A worker"
                    + " says who it is, what it computes with and which tasks it takes, and is refused where the store has the tables"
                    + " or results of another version of this program.",
            "Stopped by Ctrl-C or SIGTERM it takes nothing more, saves what its trainings need to go on, gives its tasks back and"
                    + " ends; nobody is charged for that."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab worker                                   # on the store of this data home, beside basinlab serve",
            "  basinlab worker --database jdbc:postgresql://db/lab --slots 8",
            "  basinlab worker --device gpu --until-idle"
        })
final class WorkerCommand implements Callable<Integer> {

    @Option(
            names = {"--slots", "--workers"},
            paramLabel = "N",
            description = "How many tasks run at a time (default: the cores, 1 on a GPU).")
    private @Nullable Integer slots;

    @Option(
            names = "--until-idle",
            description =
                    "Ends with exit code 0 once the queue has nothing more for it: no task that it could take is ready, will be"
                            + " tried again, or runs elsewhere.")
    private boolean untilIdle;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private SharedOptions shared;

    @Override
    public Integer call() {
        int asked = Launch.slots("--slots", slots, 1, compute.usualSlots());
        compute.settle();
        return new Launch(shared, asked, Optional.empty(), Optional.empty())
                .start(WorkerApplication.class, Boolean.toString(untilIdle));
    }
}
