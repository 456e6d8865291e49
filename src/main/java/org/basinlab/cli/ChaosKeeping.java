package org.basinlab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.basinlab.chaos.ChaosReport;
import org.basinlab.ledger.ChaosReports;
import org.basinlab.ledger.SchemaVersion;
import org.basinlab.recipe.CanonicalJson;

/** What stays of a run of faults: its report, in the user's store. */
final class ChaosKeeping {

    /** A process that is just ending may write a file while the folder is being removed. */
    private static final int REMOVALS = 10;

    private ChaosKeeping() {}

    /** Puts the report into the user's store where there is one with the tables of this version, else says why not. */
    static void keep(ChaosReport report, SharedOptions shared, Consumer<String> say) {
        if (!Store.isThere(shared)) {
            say.accept("note: the report is not stored, for there is no store yet");
            return;
        }
        try (Store store = Store.open(shared, line -> {})) {
            if (!SchemaVersion.isCurrent(store.dataSource())) {
                say.accept(
                        "note: the report is not stored, for the store has not the tables of this version: `basinlab serve`"
                                + " makes them");
                return;
            }
            ChaosReports.store(store.dataSource(), entries(report));
            say.accept("stored in results.chaos");
        }
    }

    private static List<ChaosReports.Entry> entries(ChaosReport report) {
        Instant started = Instant.parse(report.startedAt());
        List<ChaosReports.Entry> entries = new ArrayList<>();
        entries.add(new ChaosReports.Entry(
                report.seed(),
                "all",
                started,
                Instant.parse(report.endedAt()),
                report.passed(),
                CanonicalJson.write(report)));
        for (ChaosReport.Injected one : report.injected()) {
            Instant at = started.plusMillis((long) (one.atSeconds() * 1_000));
            entries.add(new ChaosReports.Entry(
                    report.seed(),
                    one.scenario(),
                    at,
                    at.plusMillis((long) (one.tookSeconds() * 1_000)),
                    one.passed(),
                    CanonicalJson.write(one)));
        }
        return entries;
    }

    /** Removes a temporary folder with all that is in it, also while somebody else does the same. */
    static void discard(Path folder) {
        IOException last = new IOException("it is still there");
        for (int i = 0; i < REMOVALS && Files.exists(folder); i++) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                last = e;
            } catch (UncheckedIOException e) {
                last = e.getCause();
            }
        }
        if (Files.exists(folder)) {
            throw new UncheckedIOException("the temporary folder %s cannot be removed".formatted(folder), last);
        }
    }
}
