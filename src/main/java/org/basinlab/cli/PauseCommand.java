package org.basinlab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code basinlab pause}: lets nothing more of a study start. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = {
            "Lets nothing more of a study start. What runs goes on to its end; basinlab resume lets the rest follow."
        },
        footer = {"", "Examples:", "  basinlab pause quickstart", "  basinlab pause 5f3a --server http://lab:8080"})
final class PauseCommand extends OrderCommand {

    @Mixin
    private StudyArgument study;

    PauseCommand() {
        super(Desk.Order.PAUSE);
    }

    @Override
    String target() {
        return study.id();
    }
}
