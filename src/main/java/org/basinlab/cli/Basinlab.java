package org.basinlab.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
            "3 the environment (database, data, disk) is not usable; 130 interrupted; 143 ended by SIGTERM.",
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
                    .formatted(oneLine(message(wrong)), commandName(wrong.getCommandLine())));
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

    private static String message(CommandLine.ParameterException wrong) {
        if (!(wrong instanceof CommandLine.UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return String.valueOf(wrong.getMessage());
        }
        CommandLine command = wrong.getCommandLine();
        String first = unmatched.getUnmatched().get(0);
        if (unmatched.isUnknownOption()) {
            List<String> options = command.getCommandSpec().options().stream()
                    .map(CommandLine.Model.OptionSpec::longestName)
                    .toList();
            String name = first.split("=", 2)[0];
            return "%s has no option '%s'%s"
                    .formatted(command.getCommandName(), name, Spelling.question(name, options));
        }
        List<String> commands = List.copyOf(command.getSubcommands().keySet());
        return commands.isEmpty()
                ? String.valueOf(wrong.getMessage())
                : "no command '%s'%s".formatted(first, Spelling.question(first, commands));
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
