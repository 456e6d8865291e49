package org.basinlab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab resume}: lets a study go on that was paused. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {
            "Lets a study go on that was paused."
        },
        footer = {"", "Examples:", "  basinlab resume quickstart", "  basinlab resume 5f3a --server http://lab:8080"})
final class ResumeCommand implements Callable<Integer> {

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
            return Steered.print(desk.steer(Desk.Order.RESUME, id), Desk.Order.RESUME, shared, spec);
        }
    }
}
