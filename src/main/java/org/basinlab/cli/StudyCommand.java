package org.basinlab.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.EffectTable;
import org.basinlab.workflow.TaskState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab study}: one study with its table. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = "Shows one study: where it stands and what it measured so far.",
        footer = {
            "",
            "Examples:",
            "  basinlab study quickstart",
            "  basinlab study 5f3a --json",
            "  basinlab study rebasin-discrepancy-small --effects --chart effects.svg",
            "  basinlab study hierarchical-rebasin-small --pareto --chart pareto.svg",
            "  basinlab study 5f3a --server http://lab:8080"
        })
final class StudyCommand implements Callable<Integer> {

    private static final int MOST_FAILURES = 5;

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Option(
            names = "--effects",
            description = "Shows what each setting that the study varies does to what merging costs, with intervals.")
    private boolean effects;

    @Option(
            names = "--pareto",
            description =
                    "Shows accuracy, robustness and matchings of everything that the study made, and what no other"
                            + " is better than.")
    private boolean pareto;

    @Option(
            names = "--robustness",
            paramLabel = "NAME[@point]",
            description =
                    "What stands for robustness (default: deepfool-l2-median, else fgsm-accuracy at its largest ε).")
    private @Nullable String robustness;

    @Option(
            names = "--chart",
            paramLabel = "FILE.svg",
            description = "Draws the effects as a forest plot, or with --pareto the front.")
    private @Nullable Path chart;

    @Option(names = "--force", description = "Replaces FILE.svg if it exists.")
    private boolean force;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if (pareto && effects) {
            throw new UsageException("--effects and --pareto are two tables: give one of them");
        }
        if (robustness != null && !pareto) {
            throw new UsageException("--robustness goes with --pareto");
        }
        Optional<OutputFile> drawing = Optional.ofNullable(chart).map(path -> OutputFile.at(path, force, List.of()));
        try (Desk desk = client.desk(shared, err)) {
            StudyView view = desk.study(id);
            if (effects || (drawing.isPresent() && !pareto)) {
                showEffects(view, desk.effects(view.id()), drawing);
                return ExitCode.DONE;
            }
            List<ResultRow> rows = desk.table(view.id());
            if (pareto) {
                showPareto(view, rows, drawing);
                return ExitCode.DONE;
            }
            List<ClaimLine> claims = desk.claims(view.id());
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(RunDocument.of(view, rows, claims, wall(view), desk.address())));
            } else {
                print(view, rows, failures(desk, view), out);
                if (!claims.isEmpty()) {
                    new ClaimTable(claims, false).print(out);
                    out.println();
                }
                desk.store().filter(store -> !rows.isEmpty()).ifPresent(store -> SqlHint.print(view.id(), store, out));
            }
            return ExitCode.DONE;
        }
    }

    private void showEffects(StudyView view, EffectTable table, Optional<OutputFile> drawing) {
        PrintWriter out = spec.commandLine().getOut();
        drawing.ifPresent(file -> file.write(
                bytes -> bytes.write(EffectChart.of(view.name(), table).svg().getBytes(StandardCharsets.UTF_8))));
        if (shared.json()) {
            out.println(CanonicalJson.write(table));
        } else {
            out.println("%s  %s  %s".formatted(view.name(), view.id(), view.state()));
            out.println();
            new EffectText(table).print(out);
        }
    }

    private void showPareto(StudyView view, List<ResultRow> rows, Optional<OutputFile> drawing) {
        PrintWriter out = spec.commandLine().getOut();
        ParetoFront front = ParetoFront.of(rows, Optional.ofNullable(robustness).map(ParetoFront.Robustness::of));
        drawing.ifPresent(file -> file.write(
                bytes -> bytes.write(new ParetoChart(view.name(), front).svg().getBytes(StandardCharsets.UTF_8))));
        if (shared.json()) {
            out.println(CanonicalJson.write(front));
        } else {
            out.println("%s  %s  %s".formatted(view.name(), view.id(), view.state()));
            out.println();
            front.print(out);
        }
    }

    private static List<String> failures(Desk desk, StudyView view) {
        if (!view.tasksByState().containsKey("FAILED")) {
            return List.of();
        }
        return desk.tasks(view.id(), Optional.of(TaskState.FAILED), Optional.empty()).stream()
                .limit(MOST_FAILURES)
                .map(task -> "%s %s/%s %d: %s"
                        .formatted(
                                task.kind(),
                                task.arm(),
                                task.scheme(),
                                task.groupId(),
                                task.reason().orElse("no reason was given")))
                .toList();
    }

    private static Duration wall(StudyView view) {
        return view.startedAt()
                .flatMap(start -> view.finishedAt().map(end -> Duration.between(start, end)))
                .orElse(Duration.ZERO);
    }

    private static void print(StudyView view, List<ResultRow> rows, List<String> failures, PrintWriter out) {
        out.println("%s  %s  %s".formatted(view.name(), view.id(), view.state()));
        view.bundle()
                .ifPresent(sha256 -> out.println("from     bundle %s%s, only to be read"
                        .formatted(sha256.substring(0, 8), view.partial() ? ", of which it is a part" : "")));
        view.paper().ifPresent(paper -> out.println("paper    " + paper));
        String states = view.tasksByState().entrySet().stream()
                .map(state -> "%d %s".formatted(state.getValue(), state.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        out.println("tasks    %d: %s%s"
                .formatted(view.tasks(), states, view.reused() == 0 ? "" : ", %d reused".formatted(view.reused())));
        boolean open = view.finishedAt().isEmpty();
        if (open && !view.tasksByState().containsKey("LEASED")) {
            out.println(
                    view.state().equals("PAUSED")
                            ? "         it is paused: basinlab resume lets it go on"
                            : "         nobody works on it: basinlab run, serve or worker goes on with it");
        }
        out.println("created  " + view.createdAt().truncatedTo(ChronoUnit.SECONDS));
        view.finishedAt()
                .ifPresent(end -> out.println("finished %s, after %s"
                        .formatted(end.truncatedTo(ChronoUnit.SECONDS), Sizes.clock(wall(view)))));
        failures.forEach(failure -> out.println("failed   " + failure));
        out.println();
        new StudyTable(view.id(), rows).print(out);
    }
}
