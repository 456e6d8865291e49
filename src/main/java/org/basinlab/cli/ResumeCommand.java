package org.basinlab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code basinlab resume}: lets a study go on that was paused. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = {"Lets a study go on that was paused."},
        footer = {"", "Examples:", "  basinlab resume quickstart", "  basinlab resume 5f3a --server http://lab:8080"})
final class ResumeCommand extends OrderCommand {

    @Mixin
    private StudyArgument study;

    ResumeCommand() {
        super(Desk.Order.RESUME);
    }

    @Override
    String target() {
        return study.id();
    }
}
