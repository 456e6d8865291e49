package org.basinlab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab pause}: lets nothing more of a study start. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = {
            "Lets nothing more of a study start. What runs goes on to its end; basinlab resume lets the rest follow."
        },
        footer = {"", "Examples:", "  basinlab pause quickstart", "  basinlab pause 5f3a --server http://lab:8080"})
final class PauseCommand implements Callable<Integer> {

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
            return Steered.print(desk.steer(Desk.Order.PAUSE, id), Desk.Order.PAUSE, shared, spec);
        }
    }
}
