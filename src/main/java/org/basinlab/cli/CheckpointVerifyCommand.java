package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointHealth;
import org.basinlab.ledger.CheckpointImport;
import org.basinlab.ledger.CheckpointOrigin;
import org.basinlab.recipe.CanonicalJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab checkpoint verify}: whether checkpoints are what their names say. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Reads checkpoints from end to end, all of the store if none is named, and holds them against their SHA-256. Lists those"
                    + " that are damaged or incomplete, and notes them in the store: verdicts that rest on them are stale.",
            "One that was noted and is whole again loses the note. Exit code 1 if any is damaged."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab checkpoint verify",
            "  basinlab checkpoint verify 29b914e9 3f21c07d",
            "  basinlab checkpoint verify --study quickstart --json"
        })
final class CheckpointVerifyCommand implements Callable<Integer> {

    private static final int SHOWN_OF_A_DIGEST = 16;

    @Parameters(paramLabel = "SHA256", arity = "0..*", description = "Digests, or their first 8 digits or more.")
    private List<String> digits = new ArrayList<>();

    @Option(
            names = "--study",
            paramLabel = "ID",
            description =
                    "Only the networks of this study: its id, the beginning of it, or its name (then the newest).")
    private @Nullable String study;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    /**
     * What is printed with {@code --json}.
     *
     * @param bytes of those that were read
     * @param givenUp how many have no bytes to be read (keep: leaves)
     * @param cured those that were noted as damaged and are not any more
     */
    private record Verified(
            int checkpoints, int whole, int givenUp, long bytes, List<Damaged> damaged, List<String> cured) {}

    /**
     * A checkpoint that is not what its name says.
     *
     * @param name of the task that it came out of; absent where it was brought in from elsewhere
     * @param found what is wrong
     */
    private record Damaged(String sha256, long bytes, Optional<UUID> task, Optional<String> name, String found) {}

    @Override
    public Integer call() {
        if (study != null && !digits.isEmpty()) {
            throw new UsageException("--study must be left out where checkpoints are named");
        }
        List<StoredDigits> wanted = digits.stream().map(StoredDigits::of).toList();
        try (Store store = Store.open(shared, spec.commandLine().getErr()::println)) {
            Verified verified = verify(store, chosen(store, wanted));
            print(verified);
            return verified.damaged().isEmpty() ? ExitCode.DONE : ExitCode.SOMETHING_FAILED;
        }
    }

    private List<CheckpointFacts> chosen(Store store, List<StoredDigits> wanted) {
        DataSource database = store.dataSource();
        boolean isReady = new CheckpointImport(database).isReady();
        if (isReady) {
            StoreReports.requireCurrent(store);
        }
        if (!wanted.isEmpty()) {
            return wanted.stream().map(one -> one.find(database)).distinct().toList();
        }
        String named = study;
        if (named != null) {
            UUID id = StoreReports.getStudy(
                    StoreReports.open(store)
                            .orElseThrow(() -> new UsageException(
                                    "no study has the id or name '%s': the store is empty".formatted(named))),
                    named);
            return new CheckpointHealth(database).list(Optional.of(id));
        }
        return isReady ? new CheckpointHealth(database).list(Optional.empty()) : List.of();
    }

    private Verified verify(Store store, List<CheckpointFacts> checkpoints) {
        DataSource database = store.dataSource();
        CheckpointHealth health = new CheckpointHealth(database);
        double all = Math.max(1, bytes(checkpoints));
        long read = 0;
        List<Damaged> damaged = new ArrayList<>();
        List<String> cured = new ArrayList<>();
        try (ProgressLine progress =
                new ProgressLine("verifying", spec.commandLine().getErr())) {
            Set<String> noted = checkpoints.isEmpty() ? Set.of() : health.notedAndGivenUp();
            for (CheckpointFacts facts : checkpoints) {
                if (facts.dropped() && !noted.contains(facts.sha256())) {
                    continue;
                }
                CheckpointHealth.Finding finding = health.examine(facts);
                finding.damage().ifPresent(found -> damaged.add(damaged(database, facts, found)));
                if (finding.isCured()) {
                    cured.add(facts.sha256());
                }
                read += facts.dropped() ? 0 : facts.bytes();
                progress.at(read / all);
            }
        }
        int givenUp =
                (int) checkpoints.stream().filter(CheckpointFacts::dropped).count();
        int whole = checkpoints.size() - givenUp - damaged.size();
        return new Verified(checkpoints.size(), whole, givenUp, read, damaged, cured);
    }

    private static long bytes(List<CheckpointFacts> checkpoints) {
        return checkpoints.stream()
                .filter(facts -> !facts.dropped())
                .mapToLong(CheckpointFacts::bytes)
                .sum();
    }

    private static Damaged damaged(DataSource database, CheckpointFacts facts, String found) {
        Optional<CheckpointOrigin> origin = CheckpointOrigin.find(database, facts.sha256());
        return new Damaged(
                facts.sha256(),
                facts.bytes(),
                origin.map(CheckpointOrigin::task),
                origin.map(CheckpointOrigin::name),
                found);
    }

    private void print(Verified verified) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(verified));
            return;
        }
        if (!verified.damaged().isEmpty()) {
            TextTable table = new TextTable("checkpoint", ">bytes", "of", "found");
            verified.damaged()
                    .forEach(one -> table.add(List.of(
                            shown(one.sha256()),
                            Sizes.bytes(one.bytes()),
                            one.name().orElse("brought in from elsewhere"),
                            shown(one))));
            table.print(out);
            out.println();
            verified.damaged()
                    .forEach(one -> out.println(
                            one.task().isPresent()
                                    ? "basinlab checkpoint restore " + shown(one.sha256())
                                    : "basinlab checkpoint import FILE    # the file of " + shown(one.sha256())));
            out.println();
        }
        verified.cured()
                .forEach(sha256 -> out.println("%s was noted as damaged and is so no more".formatted(shown(sha256))));
        out.println("%d %s, %s read: %d whole, %d damaged%s"
                .formatted(
                        verified.checkpoints(),
                        verified.checkpoints() == 1 ? "checkpoint" : "checkpoints",
                        Sizes.bytes(verified.bytes()),
                        verified.whole(),
                        verified.damaged().size(),
                        verified.givenUp() == 0
                                ? ""
                                : "; %d were given up (keep: leaves)".formatted(verified.givenUp())));
    }

    /** In the row of the checkpoint it need not be named, and digests are told apart by their beginnings. */
    private static String shown(Damaged one) {
        return one.found()
                .replace(" of checkpoint " + one.sha256(), "")
                .replace("checkpoint " + one.sha256() + " ", "")
                .replaceAll("([0-9a-f]{%d})[0-9a-f]+".formatted(SHOWN_OF_A_DIGEST), "$1…");
    }

    private static String shown(String sha256) {
        return sha256.substring(0, SHOWN_OF_A_DIGEST);
    }
}
