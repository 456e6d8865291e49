package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.basinlab.chaos.ChaosReport;

/** What a run of faults found, for people. */
final class ChaosTable {

    private ChaosTable() {}

    static void print(ChaosReport report, PrintWriter out) {
        TextTable table = new TextTable(
                "", "scenario", "drawn", "at s", "requeued s", "recovered s", "throughput", "lost", "duplicated", "");
        for (ChaosReport.Injected one : report.injected()) {
            table.add(List.of(
                    Integer.toString(one.number()),
                    one.scenario(),
                    one.settings(),
                    seconds(one.atSeconds()),
                    one.requeuedSeconds().map(ChaosTable::seconds).orElse(""),
                    seconds(one.recoveredSeconds()),
                    one.throughput()
                            .map(share -> "%.0f %%".formatted(share.share() * 100))
                            .orElse(""),
                    Integer.toString(one.lost()),
                    Integer.toString(one.duplicated()),
                    one.passed() ? "ok" : "FAILED"));
        }
        table.print(out);
        out.println();
        out.println("seed %d, %s to %s, %d workers, leases of %d s; %d of %d planned faults"
                .formatted(
                        report.seed(),
                        report.startedAt(),
                        report.endedAt(),
                        report.workers(),
                        report.leaseSeconds(),
                        report.injected().size(),
                        report.planned().size()));
        report.counts().forEach((what, count) -> out.println("%s: %d".formatted(what, count)));
        out.println("compared with the undisturbed run: %d studies, %d networks, numbers and outcomes, %s"
                .formatted(
                        report.compared().studies(),
                        report.compared().lines(),
                        report.compared().differences().isEmpty() ? "all equal" : "NOT EQUAL"));
        report.injected().forEach(one -> {
            one.throughput()
                    .ifPresent(share -> out.println("fault %d: throughput %.1f %% %s (at least %.0f %%%s)"
                            .formatted(
                                    one.number(),
                                    share.share() * 100,
                                    share.of(),
                                    share.least() * 100,
                                    report.minutes() < 5 ? ", not asked of a run of less than 5 minutes" : "")));
            one.notes().forEach(note -> out.println("fault %d: %s".formatted(one.number(), note)));
            one.violations().forEach(wrong -> out.println("fault %d: VIOLATED %s".formatted(one.number(), wrong)));
        });
        report.violations().forEach(wrong -> out.println("at the end: VIOLATED " + wrong));
        report.compared().differences().forEach(wrong -> out.println("VIOLATED I5: " + wrong));
        out.println("lost = %d, duplicated = %d, %s"
                .formatted(report.lost(), report.duplicated(), report.passed() ? "passed" : "FAILED"));
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
