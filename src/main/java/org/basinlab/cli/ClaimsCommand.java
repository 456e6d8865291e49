package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.basinlab.ledger.Reports;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Verdicts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab claims}: what papers claim, and how it stands. */
@Command(
        name = "claims",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what papers claim beside what was measured of it: all claims in a table, or one in full.",
            "Of several studies the newest verdict that is not exploratory is shown, else the newest study; what is"
                    + " provisional is computed now and shows no p."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab claims",
            "  basinlab claims H1",
            "  basinlab claims --paper 2510.09174",
            "  basinlab claims H1 --study hierarchical-rebasin-small --json"
        })
final class ClaimsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", arity = "0..1", description = "One claim in full, by its id: H1.")
    private @Nullable String id;

    @Option(
            names = "--study",
            paramLabel = "ID",
            description = "Only by this study: its id, the beginning of it, or its name (then the newest).")
    private @Nullable String study;

    @Option(names = "--paper", paramLabel = "P", description = "Only claims of this paper: 2510.09174.")
    private @Nullable String paper;

    @Option(names = "--sql", description = "Print the SQL of a claim with more than four numbers as well.")
    private boolean sql;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (id != null && paper != null) {
            throw new UsageException("--paper must be left out where a claim is named");
        }
        if (!Store.isThere(shared) && !Evidence.isShipped()) {
            // Creating a store takes seconds and shows nothing more.
            return show(Optional.empty());
        }
        try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
            Evidence.bring(store, shared, spec.commandLine().getErr()::println);
            return show(Optional.of(store));
        }
    }

    private int show(Optional<Store> store) {
        Verdicts verdicts = new Verdicts(ClaimRegister.shipped(), store.flatMap(StoreReports::claims));
        Optional<UUID> only = Optional.ofNullable(study).map(name -> StoreReports.getStudy(reports(store, name), name));
        if (id == null) {
            list(verdicts, only);
        } else {
            card(id, verdicts, only);
        }
        return ExitCode.DONE;
    }

    private static Reports reports(Optional<Store> store, String name) {
        return store.flatMap(StoreReports::open)
                .orElseThrow(() ->
                        new UsageException("no study has the id or name '%s': the store is empty".formatted(name)));
    }

    private void list(Verdicts verdicts, Optional<UUID> only) {
        List<ClaimLine> lines = ofPaper(only.map(verdicts::lines).orElseGet(verdicts::lines));
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(Map.of("claims", lines)));
        } else if (lines.isEmpty()) {
            out.println("this study lists no claims");
        } else {
            new ClaimTable(lines, only.isEmpty()).print(out);
            if (paper == null && lines.stream().allMatch(line -> line.studyId().isEmpty())) {
                out.println(
                        "No study in this store measures any of them yet. One that measures H1 to H18 and G1 says what it"
                                + " takes:");
                out.println("  basinlab run hierarchical-rebasin-verdict --dry-run");
            }
        }
    }

    private List<ClaimLine> ofPaper(List<ClaimLine> lines) {
        String wanted = paper;
        if (wanted == null) {
            return lines;
        }
        List<ClaimLine> some = lines.stream()
                .filter(line -> line.paper().equalsIgnoreCase(wanted)
                        || line.paper().substring(line.paper().indexOf(':') + 1).equalsIgnoreCase(wanted))
                .toList();
        if (some.isEmpty()) {
            List<String> papers =
                    lines.stream().map(ClaimLine::paper).distinct().toList();
            throw new UsageException(
                    "no claim is of the paper '%s'%s".formatted(wanted, Spelling.suggestion(wanted, papers)));
        }
        return some;
    }

    private void card(String claim, Verdicts verdicts, Optional<UUID> only) {
        ClaimCard card = verdicts.card(claim, only).orElseThrow(() -> unknown(claim, verdicts));
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(card));
        } else {
            new ClaimCardText(card, sql).print(out);
        }
    }

    private UsageException unknown(String claim, Verdicts verdicts) {
        List<String> ids = verdicts.ids();
        return ids.contains(claim)
                ? new UsageException("study %s does not list claim %s".formatted(study, claim))
                : new UsageException("no claim has the id '%s'%s".formatted(claim, Spelling.suggestion(claim, ids)));
    }
}
