package org.basinlab.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.basinlab.dispatch.Slots;
import org.basinlab.ledger.StudyProgress;

/** How far a running study is: one line that changes in place on a terminal, a line now and then elsewhere. */
final class LiveDisplay {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(15);
    private static final double ENOUGH_FOR_AN_ESTIMATE = 0.01;

    private final PrintStream out;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private double doneAtStart = -1;
    private long lastLine;
    private int width;
    private int failuresSaid;

    LiveDisplay(PrintStream out) {
        this.out = out;
        this.terminal = isTerminal();
    }

    void show(StudyProgress progress, List<Slots.Running> running) {
        sayFailures(progress.failures());
        String line = line(progress, running);
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            out.flush();
            width = line.length();
        } else if (lastLine == 0 || System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
            out.println(line);
            lastLine = System.nanoTime();
        }
    }

    /** Leaves the last line standing. */
    void end() {
        if (terminal && width > 0) {
            out.println();
        }
    }

    private void sayFailures(List<String> failures) {
        for (; failuresSaid < failures.size(); failuresSaid++) {
            end();
            out.println("failed: " + failures.get(failuresSaid));
        }
    }

    private String line(StudyProgress progress, List<Slots.Running> running) {
        double all =
                progress.kinds().stream().mapToDouble(StudyProgress.Kind::flops).sum();
        double left = progress.kinds().stream()
                .mapToDouble(StudyProgress.Kind::flopsLeft)
                .sum();
        double underWay = running.stream()
                .mapToDouble(one -> one.fraction() * one.lease().flops())
                .sum();
        double done = Math.min(all, all - left + underWay);
        if (doneAtStart < 0) {
            doneAtStart = done;
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        String kinds = progress.kinds().stream()
                .map(kind -> "%s %d/%d".formatted(kind.kind(), kind.done(), kind.all()))
                .collect(Collectors.joining(" · "));
        int failed = progress.kinds().stream()
                .mapToInt(kind -> kind.failed() + kind.blocked())
                .sum();
        return String.format(
                Locale.ROOT,
                "%s  %3.0f %%  %s · running %d · failed %d%s",
                Sizes.clock(elapsed),
                all > 0 ? 100 * done / all : 100.0,
                kinds,
                running.size(),
                failed,
                estimate(all, done, elapsed));
    }

    private String estimate(double all, double done, Duration elapsed) {
        double here = done - doneAtStart;
        if (here < ENOUGH_FOR_AN_ESTIMATE * all) {
            return "";
        }
        double seconds = elapsed.toMillis() / 1000.0 * (all - done) / here;
        return " · ETA " + Sizes.clock(Duration.ofSeconds((long) seconds));
    }

    /** Whether standard error is one. */
    static boolean isTerminal() {
        try {
            Path stderr = Files.readSymbolicLink(Path.of("/proc/self/fd/2"));
            return stderr.startsWith("/dev/pts") || stderr.startsWith("/dev/tty");
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
