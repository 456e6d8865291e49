package org.basinlab.worker;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.SanityCheck;

/** What one metric family found, as the ledger keeps it. */
public record Measured(List<Measurement> measurements, List<ImageOutcome> images, List<SanityCheck> checks) {

    Measured() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
}
