package org.basinlab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code basinlab cancel}: ends a study before its end. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = {
            "Ends a study: nothing of it starts any more, and who runs a task of it stops within two heartbeats (20 s). What is"
                    + " finished stays and is used by later studies. It is not taken back: run the study anew."
        },
        footer = {"", "Examples:", "  basinlab cancel quickstart", "  basinlab cancel 5f3a --server http://lab:8080"})
final class CancelCommand extends OrderCommand {

    @Mixin
    private StudyArgument study;

    CancelCommand() {
        super(Desk.Order.CANCEL);
    }

    @Override
    String target() {
        return study.id();
    }
}
