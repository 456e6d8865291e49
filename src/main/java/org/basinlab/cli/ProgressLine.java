package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.basinlab.recipe.Progress;

/** How far long work is: after a second one line that changes in place on a terminal, a line now and then elsewhere. */
final class ProgressLine implements Progress, AutoCloseable {

    private static final Duration ON_A_TERMINAL = Duration.ofSeconds(1);
    private static final Duration ELSEWHERE = Duration.ofSeconds(15);

    private final String what;
    private final PrintWriter err;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private long last = started;
    private boolean unended;

    ProgressLine(String what, PrintWriter err) {
        this.what = what;
        this.err = err;
        this.terminal = LiveDisplay.isTerminal();
    }

    @Override
    public void at(double fraction) {
        long now = System.nanoTime();
        if (now - last < (terminal ? ON_A_TERMINAL : ELSEWHERE).toNanos()) {
            return;
        }
        last = now;
        String line = String.format(
                Locale.ROOT, "%s  %3.0f %%  %s", Sizes.clock(Duration.ofNanos(now - started)), 100 * fraction, what);
        if (terminal) {
            err.print("\r" + line);
            err.flush();
            unended = true;
        } else {
            err.println(line);
        }
    }

    /** Leaves the last line standing. */
    @Override
    public void close() {
        if (unended) {
            err.println();
        }
    }
}
