package org.basinlab.cli;

import io.quarkus.runtime.QuarkusApplication;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.basinlab.recipe.Progress;
import org.basinlab.worker.Restoring;
import org.jspecify.annotations.Nullable;

/** Restores one checkpoint and prints what came of it. */
public final class RestoreApplication implements QuarkusApplication {

    private final Restoring restoring;

    RestoreApplication(Restoring restoring) {
        this.restoring = restoring;
    }

    /** @param args the SHA-256 of the checkpoint, whole */
    @Override
    public int run(String... args) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (Lines lines = new Lines(err)) {
            List<Restoring.Computed> computed = restoring.restore(args[0], lines);
            lines.end();
            RestoreReport report = new RestoreReport(args[0], computed);
            report.print(out, Launch.current().options().json());
            return report.isWhole() ? ExitCode.DONE : ExitCode.SOMETHING_FAILED;
        }
    }

    /** Says what is computed, and how far that is: one line after another. */
    private static final class Lines implements Restoring.Watch, AutoCloseable {

        private final PrintWriter err;
        private @Nullable ProgressLine current;

        Lines(PrintWriter err) {
            this.err = err;
        }

        @Override
        public Progress begins(String sha256, String name, int number, int of) {
            end();
            err.println(
                    "%d of %d: %s again, for checkpoint %s".formatted(number, of, name, RestoreReport.shown(sha256)));
            ProgressLine line = new ProgressLine(name, err);
            current = line;
            return line;
        }

        @Override
        public void close() {
            end();
        }

        void end() {
            ProgressLine line = current;
            if (line != null) {
                line.close();
                current = null;
            }
        }
    }
}
