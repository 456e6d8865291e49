package org.basinlab.cli;

import io.quarkus.runtime.QuarkusApplication;
import java.util.Objects;
import javax.sql.DataSource;
import org.basinlab.dispatch.DataCatalogue;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.StudyControl;

/** Runs one errand. */
public final class ErrandApplication implements QuarkusApplication {

    private final Errand.Parts parts;

    ErrandApplication(StudyControl control, Intake intake, DataCatalogue data, DataSource database) {
        this.parts = new Errand.Parts(control, intake, data, database);
    }

    @Override
    public int run(String... args) {
        Objects.requireNonNull(Errand.Pending.CURRENT.get(), "an errand").run(parts);
        return ExitCode.DONE;
    }
}
