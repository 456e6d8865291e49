package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Verdicts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab study}: one study with its table. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = "Shows one study: where it stands and what it measured so far.",
        footer = {"", "Examples:", "  basinlab study quickstart", "  basinlab study 5f3a --json"})
final class StudyCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ID",
            description = "The id of a study, its beginning, or a study's name (then the newest).")
    private String id;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
            Reports reports = StoreReports.open(store)
                    .orElseThrow(() ->
                            new UsageException("no study has the id or name '%s': the store is empty".formatted(id)));
            UUID study = StoreReports.getStudy(reports, id);
            StudyView view = reports.findStudy(study).orElseThrow();
            List<ResultRow> rows = reports.table(study);
            List<ClaimLine> claims = new Verdicts(ClaimRegister.shipped(), StoreReports.claims(store)).lines(study);
            PrintWriter out = spec.commandLine().getOut();
            if (shared.json()) {
                out.println(CanonicalJson.write(RunDocument.of(view, rows, claims, wall(view), store.shownUrl())));
            } else {
                print(view, rows, reports, out);
                if (!claims.isEmpty()) {
                    new ClaimTable(claims, false).print(out);
                    out.println();
                }
                SqlHint.print(study, store, out);
            }
            return ExitCode.DONE;
        }
    }

    private static Duration wall(StudyView view) {
        return view.startedAt()
                .flatMap(start -> view.finishedAt().map(end -> Duration.between(start, end)))
                .orElse(Duration.ZERO);
    }

    private static void print(StudyView view, List<ResultRow> rows, Reports reports, PrintWriter out) {
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
            out.println("         nobody works on it: basinlab run or serve goes on with it");
        }
        out.println("created  " + view.createdAt().truncatedTo(ChronoUnit.SECONDS));
        view.finishedAt()
                .ifPresent(end -> out.println("finished %s, after %s"
                        .formatted(end.truncatedTo(ChronoUnit.SECONDS), Sizes.clock(wall(view)))));
        reports.progress(view.id()).failures().forEach(failure -> out.println("failed   " + failure));
        out.println();
        new StudyTable(view.id(), rows).print(out);
    }
}
