package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.worker.Restoring;

/**
 * What came of restoring a checkpoint.
 *
 * @param computed what was computed for it, inputs first, itself last unless something came out otherwise; empty where it was whole already
 */
record RestoreReport(String sha256, List<Restoring.Computed> computed) {

    private static final int SHOWN_OF_A_DIGEST = 16;

    RestoreReport {
        computed = List.copyOf(computed);
    }

    /**
     * What is printed with {@code --json}.
     *
     * @param checkpoint that was to be restored
     * @param whole whether it is whole now
     * @param restored which were put back, inputs first
     * @param failure why not all that was needed was; absent where it was
     */
    private record Document(String checkpoint, boolean whole, List<String> restored, Optional<Failure> failure) {}

    /**
     * The first that came out otherwise.
     *
     * @param found SHA-256 of what came out, absent where the task failed
     * @param reason why it failed
     * @param before what computed it then, as far as bytes depend on it
     * @param now the same of this machine
     */
    private record Failure(
            String checkpoint,
            UUID task,
            String name,
            Optional<String> found,
            Optional<String> reason,
            Map<String, String> before,
            Map<String, String> now) {}

    /** Whether the checkpoint is what its name says now. */
    boolean isWhole() {
        return failed().isEmpty();
    }

    private Optional<Restoring.Computed> failed() {
        return computed.stream().filter(one -> !one.isEqual()).findFirst();
    }

    void print(PrintWriter out, boolean json) {
        if (json) {
            out.println(CanonicalJson.write(document()));
        } else {
            lines().forEach(out::println);
        }
    }

    private Document document() {
        return new Document(
                sha256,
                isWhole(),
                computed.stream()
                        .filter(Restoring.Computed::isEqual)
                        .map(Restoring.Computed::sha256)
                        .toList(),
                failed().map(one -> new Failure(
                        one.sha256(), one.task(), one.name(), one.found(), one.failure(), one.before(), one.now())));
    }

    List<String> lines() {
        if (computed.isEmpty()) {
            return List.of("checkpoint %s is whole, nothing was done".formatted(sha256));
        }
        List<String> lines = new ArrayList<>();
        computed.stream()
                .filter(Restoring.Computed::isEqual)
                .forEach(one -> lines.add("restored  %s  %s".formatted(one.sha256(), one.name())));
        failed().ifPresent(one -> {
            lines.add("checkpoint %s stays as it was: %s".formatted(sha256, what(one)));
            lines.add(differences(one));
        });
        return lines;
    }

    private String what(Restoring.Computed failed) {
        String task = "%s (task %s)".formatted(failed.name(), failed.task());
        String of = failed.sha256().equals(sha256) ? "" : ", for its input,";
        return failed.failure()
                .map(why -> "%s%s succeeded, and fails now: %s".formatted(task, of, why))
                .orElseGet(() -> "%s%s must give %s again, it gave %s"
                        .formatted(task, of, failed.sha256(), failed.found().orElse("no network")));
    }

    /** Where bytes may differ for that. */
    private static String differences(Restoring.Computed failed) {
        String differing = new TreeSet<>(failed.before().keySet())
                .stream()
                        .filter(name -> !String.valueOf(failed.before().get(name))
                                .equals(failed.now().get(name)))
                        .map(name -> "%s %s, here %s"
                                .formatted(
                                        name,
                                        failed.before().get(name),
                                        failed.now().get(name)))
                        .collect(Collectors.joining("; "));
        return differing.isEmpty()
                ? "it was computed as this machine does, by the same engine, kernel, number of threads and numerics"
                : "it was computed otherwise: " + differing;
    }

    static String shown(String sha256) {
        return sha256.substring(0, SHOWN_OF_A_DIGEST);
    }
}
