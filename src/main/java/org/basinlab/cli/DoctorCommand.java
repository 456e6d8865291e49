package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.basinlab.recipe.CanonicalJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code basinlab doctor}: whether this machine can run studies, and how fast it multiplies. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at this machine: Java, CPU, memory, natives and their speed, data sets, store, disk, GPU.",
            "Writes nothing and starts no PostgreSQL. Ends with 0 when studies can be run, warnings or not, else with 3."
        },
        footer = {"", "Examples:", "  basinlab doctor", "  basinlab doctor --data-dir ~/data --json"})
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    /** What is printed with {@code --json}. */
    private record Document(boolean usable, List<Finding> findings, Machine machine) {}

    @Override
    public Integer call() {
        Machine machine = MachineProbe.look(shared);
        List<Finding> findings = Diagnosis.of(machine);
        boolean usable = Diagnosis.isUsable(findings);
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(new Document(usable, findings, machine)));
        } else {
            print(findings, out);
        }
        return usable ? ExitCode.DONE : ExitCode.ENVIRONMENT;
    }

    static void print(List<Finding> findings, PrintWriter out) {
        TextTable table = new TextTable("", "what", "found");
        for (Finding finding : findings) {
            table.add(List.of(finding.mark().label(), finding.subject(), finding.found()));
            finding.advice().ifPresent(advice -> table.add(List.of("", "", "→ " + advice)));
        }
        table.print(out);
    }
}
