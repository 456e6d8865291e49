package org.basinlab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab cancel}: ends a study before its end. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = {
            "Ends a study: nothing of it starts any more, and who runs a task of it stops within two heartbeats (20 s). What is"
                    + " finished stays and is used by later studies. It is not taken back: run the study anew."
        },
        footer = {"", "Examples:", "  basinlab cancel quickstart", "  basinlab cancel 5f3a --server http://lab:8080"})
final class CancelCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            return Steered.print(desk.steer(Desk.Order.CANCEL, id), Desk.Order.CANCEL, shared, spec);
        }
    }
}
