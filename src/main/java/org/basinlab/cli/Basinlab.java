package org.basinlab.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code basinlab}. */
@QuarkusMain
@Command(
        name = "basinlab",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Settles claims about merging neural networks with evidence.",
        subcommands = {
            RunCommand.class,
            ServeCommand.class,
            WorkerCommand.class,
            SubmitCommand.class,
            StudiesCommand.class,
            StudyCommand.class,
            TasksCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            CancelCommand.class,
            RetryCommand.class,
            ExtendCommand.class,
            SetCommand.class,
            SchedulesCommand.class,
            ClaimsCommand.class,
            SqlCommand.class,
            DataCommand.class,
            MatchCommand.class,
            MergeCommand.class,
            EvaluateCommand.class,
            CheckpointCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            AuditCommand.class,
            EvidenceCommand.class,
            DoctorCommand.class,
            ChaosCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done; 1 the study ran and something in it failed; 2 bad arguments or specification;",
            "3 the environment (database, data, disk) is not usable; 130 interrupted.",
            "",
            "Examples:",
            "  basinlab run quickstart",
            "  basinlab run hierarchical-rebasin-small --data-dir ~/data",
            "  basinlab run my-study.yaml --dry-run",
            "  basinlab submit my-study.yaml",
            "  basinlab worker --until-idle",
            "  basinlab tasks my-study --follow",
            "  basinlab studies",
            "  basinlab claims"
        })
public final class Basinlab implements Runnable {

    Basinlab() {}

    public static void main(String... args) {
        System.exit(execute(args));
    }

    private static int execute(String... args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        return commandLine(out, err).execute(args);
    }

    /** All commands, writing to these. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Basinlab());
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((wrong, given) -> {
            err.println("basinlab: %s (basinlab %s--help says more)"
                    .formatted(oneLine(String.valueOf(wrong.getMessage())), commandName(wrong.getCommandLine())));
            return ExitCode.BAD_ARGUMENTS;
        });
        line.setExecutionExceptionHandler((fault, command, given) -> {
            if (command.getParseResult().hasMatchedOption("--verbose")) {
                fault.printStackTrace(err);
            }
            err.println("basinlab: " + oneLine(Faults.message(fault)));
            return Faults.exitCode(fault);
        });
        return line;
    }

    private static String commandName(CommandLine command) {
        return command.getParent() == null ? "" : command.getCommandName() + " ";
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", "; ");
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
