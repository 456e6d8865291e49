package org.basinlab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code basinlab data}: the data sets of this machine. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Data sets: what there is and where, and downloads.",
        subcommands = {DataListCommand.class, DataFetchCommand.class},
        footer = {
            "",
            "Examples:",
            "  basinlab data list",
            "  basinlab data list --data-dir ~/data",
            "  basinlab data fetch fashion-mnist"
        })
final class DataCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
