package org.basinlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.ledger.Replays;
import org.basinlab.verdict.Proportion;
import org.basinlab.worker.Auditing;

/**
 * What an audit says; printed with {@code --json} as it is.
 *
 * @param tasks how many of the study were run and succeeded
 * @param withoutInputs of those, how many cannot be run again for want of the networks that they take
 * @param promised those that engine, kernel and version of then and now promise to be equal
 * @param elsewhere the others
 */
record AuditReport(int tasks, int withoutInputs, Rate promised, Rate elsewhere, List<Difference> differences) {

    private static final double LEVEL = 0.95;

    /** Of a study in which nothing can be compared. */
    static final AuditReport NOTHING = new AuditReport(0, 0, Rate.of(List.of()), Rate.of(List.of()), List.of());

    AuditReport {
        differences = List.copyOf(differences);
    }

    /** How many gave the same digests, with the exact interval of that rate (Clopper and Pearson); of none it is [0, 1]. */
    record Rate(int compared, int equal, double low, double high) {

        static Rate of(List<Auditing.Compared> compared) {
            int equal =
                    (int) compared.stream().filter(Auditing.Compared::isEqual).count();
            Proportion rate = new Proportion(equal, compared.size());
            return new Rate(compared.size(), equal, rate.low(LEVEL), rate.high(LEVEL));
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d equal: %.4f [%.4f, %.4f]",
                    equal,
                    compared,
                    (double) equal / compared,
                    low,
                    high);
        }
    }

    /** A task that gave something else. */
    record Difference(
            UUID task,
            String name,
            Optional<String> recordedNetwork,
            Optional<String> foundNetwork,
            String recordedNumbers,
            Optional<String> foundNumbers,
            Optional<String> failure,
            Map<String, String> before,
            Map<String, String> now) {

        static Difference of(Auditing.Compared compared) {
            return new Difference(
                    compared.task(),
                    compared.name(),
                    compared.recorded().network(),
                    compared.found().flatMap(Replays.Result::network),
                    compared.recorded().numbers(),
                    compared.found().map(Replays.Result::numbers),
                    compared.failure(),
                    compared.before(),
                    compared.now());
        }

        private String text() {
            if (failure.isPresent()) {
                return "  %s  %s: succeeded, and fails now: %s".formatted(task, name, failure.get());
            }
            String network = recordedNetwork
                    .map(sha256 -> "network %s, now %s; ".formatted(brief(sha256), brief(foundNetwork.orElse("none"))))
                    .orElse("");
            return "  %s  %s: %snumbers %s, now %s; kernel %s, now %s"
                    .formatted(
                            task,
                            name,
                            network,
                            brief(recordedNumbers),
                            brief(foundNumbers.orElse("none")),
                            before.get("kernel"),
                            now.get("kernel"));
        }

        private static String brief(String sha256) {
            return sha256.length() > 12 ? sha256.substring(0, 12) : sha256;
        }
    }

    static AuditReport of(Auditing.Audit audit) {
        Map<Boolean, List<Auditing.Compared>> by =
                audit.compared().stream().collect(Collectors.partitioningBy(Auditing.Compared::isPromised));
        return new AuditReport(
                audit.tasks(),
                audit.withoutInputs(),
                Rate.of(by.getOrDefault(true, List.of())),
                Rate.of(by.getOrDefault(false, List.of())),
                audit.compared().stream()
                        .filter(one -> !one.isEqual())
                        .map(Difference::of)
                        .toList());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%s run and succeeded%s"
                .formatted(
                        tasks == 1 ? "1 task was" : "%d tasks were".formatted(tasks),
                        withoutInputs == 0
                                ? ""
                                : "; %d cannot be run again, the networks that they take are not stored"
                                        .formatted(withoutInputs)));
        if (promised.compared() > 0) {
            lines.add("same engine and kernel: %s (95 %% interval)".formatted(promised.text()));
        }
        if (elsewhere.compared() > 0) {
            lines.add("another engine, kernel or version, where equal bytes are not promised: %s"
                    .formatted(elsewhere.text()));
        }
        if (promised.compared() + elsewhere.compared() == 0) {
            lines.add("nothing was run again");
        }
        differences.forEach(difference -> lines.add(difference.text()));
        return lines;
    }
}
