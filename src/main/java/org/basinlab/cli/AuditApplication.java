package org.basinlab.cli;

import io.quarkus.runtime.QuarkusApplication;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.worker.Auditing;

/** Runs tasks of one study again and prints what came of it. */
public final class AuditApplication implements QuarkusApplication {

    private final Auditing auditing;

    AuditApplication(Auditing auditing) {
        this.auditing = auditing;
    }

    /** @param args study, fraction, seed */
    @Override
    public int run(String... args) {
        Launch launch = Launch.current();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        try (ProgressLine progress = new ProgressLine("auditing", err)) {
            Auditing.Audit audit = auditing.audit(
                    UUID.fromString(args[0]),
                    Double.parseDouble(args[1]),
                    Long.parseLong(args[2]),
                    launch.slots(),
                    progress);
            AuditReport report = AuditReport.of(audit);
            if (launch.options().json()) {
                out.println(CanonicalJson.write(report));
            } else {
                List<String> lines = report.lines();
                lines.forEach(out::println);
            }
            return report.promised().equal() < report.promised().compared() ? ExitCode.SOMETHING_FAILED : ExitCode.DONE;
        }
    }
}
