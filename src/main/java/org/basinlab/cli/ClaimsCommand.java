package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
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
            "  basinlab claims H1 --study hierarchical-rebasin-small --json",
            "  basinlab claims --server http://lab:8080"
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
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (id != null && paper != null) {
            throw new UsageException("--paper must be left out where a claim is named");
        }
        PrintWriter err = spec.commandLine().getErr();
        Optional<ServerCalls> server = client.calls();
        if (server.isPresent()) {
            return show(new ServedClaims(server.get(), new ServerDesk(server.get(), err)));
        }
        if (!Store.isThere(shared) && !Evidence.isShipped()) {
            // Creating a store takes seconds and shows nothing more.
            return show(new StoredClaims(Optional.empty()));
        }
        try (Store store = Store.open(shared, err::println)) {
            Evidence.bring(store, shared, err::println);
            return show(new StoredClaims(Optional.of(store)));
        }
    }

    private int show(ClaimDesk claims) {
        Optional<UUID> only = Optional.ofNullable(study).map(claims::study);
        if (id == null) {
            list(claims, only);
        } else {
            card(id, claims, only);
        }
        return ExitCode.DONE;
    }

    private void list(ClaimDesk claims, Optional<UUID> only) {
        List<ClaimLine> lines = ofPaper(claims.lines(only));
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

    private void card(String claim, ClaimDesk claims, Optional<UUID> only) {
        ClaimCard card = claims.card(claim, only).orElseThrow(() -> unknown(claim, claims));
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(card));
        } else {
            new ClaimCardText(card, sql).print(out);
        }
    }

    private UsageException unknown(String claim, ClaimDesk claims) {
        List<String> ids = claims.ids();
        return ids.contains(claim)
                ? new UsageException("study %s does not list claim %s".formatted(study, claim))
                : new UsageException("no claim has the id '%s'%s".formatted(claim, Spelling.suggestion(claim, ids)));
    }
}
