package org.basinlab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code basinlab retry}: tries again what failed. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = {
            "Tries again what failed in a study, or one failed task, and what could not run for that. What succeeded stays. A worker"
                    + " (basinlab run, serve or worker) is needed to do it."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab retry quickstart",
            "  basinlab retry 81d2c07e    # one task",
            "  basinlab retry 5f3a --server http://lab:8080"
        })
final class RetryCommand extends OrderCommand {

    @Parameters(
            paramLabel = "ID",
            description =
                    "A study: its id, the beginning of it, or its name (then the newest). Or a task: its id or the beginning of it.")
    private String id;

    RetryCommand() {
        super(Desk.Order.RETRY);
    }

    @Override
    String target() {
        return id;
    }
}
