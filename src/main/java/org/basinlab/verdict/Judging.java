package org.basinlab.verdict;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.TaskSpec;

/** Decides the claims of a study by what the ledger holds. */
@ApplicationScoped
public class Judging {

    /** What the study says of the claims of one paper now; nothing is written. */
    public List<Conclusion> conclude(UUID study, TaskSpec.Judge judge) {
        throw new UnsupportedOperationException();
    }
}
