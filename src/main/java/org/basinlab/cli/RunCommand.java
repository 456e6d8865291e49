package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.dataset.DataSets;
import org.basinlab.study.Study;
import org.basinlab.workflow.ClaimCoverage;
import org.basinlab.workflow.Plan;
import org.basinlab.workflow.Planner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab run}: a study from its specification to its table, in this process. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Runs a study to its end and prints what came out. Run again after an interruption, it goes on where it"
                        + " stopped; work that is done is not done twice.",
        footer = {
            "",
            "Examples:",
            "  basinlab run quickstart",
            "  basinlab run hierarchical-rebasin-small --data-dir ~/data",
            "  basinlab run my-study.yaml --dry-run",
            "  basinlab run my-study.yaml --json > result.json"
        })
final class RunCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "STUDY",
            description = "A YAML file, or a shipped study: ${COMPLETION-CANDIDATES}.",
            completionCandidates = StudySource.Shipped.class)
    private String study;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many tasks run at a time (default: the cores; 1 on a GPU).")
    private @Nullable Integer workers;

    @Option(names = "--dry-run", description = "Prints the plan (tasks, storage, time) and runs nothing.")
    private boolean dryRun;

    @Option(names = "--new", description = "Starts another study even if the same one is there.")
    private boolean another;

    @Option(names = "--no-web", description = "Serves no pages while it runs.")
    private boolean noWeb;

    @Mixin
    private ComputeOptions compute;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StudySource source = StudySource.find(study);
        Study parsed = source.parse();
        Plan plan = Planner.plan(parsed);
        List<ClaimCoverage> claims = ClaimCoverage.require(parsed, plan);
        int slots = Launch.slots(workers, 1, compute.usualSlots());
        if (dryRun) {
            new PlanPrint(
                            parsed,
                            source.settings().schedule(),
                            plan,
                            claims,
                            slots,
                            new DataSets(shared.dataPlaces()).list())
                    .print(shared.json(), spec.commandLine().getOut());
            return ExitCode.DONE;
        }
        compute.settle();
        Optional<Launch.Web> web = noWeb ? Optional.empty() : Optional.of(Launch.Web.nearestFree());
        Launch.Run run = new Launch.Run(parsed, source.text(), another, plan.checkpointBytes() + plan.outcomeBytes());
        return new Launch(shared, slots, web, Optional.of(run)).start(RunApplication.class);
    }
}
