package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.basinlab.dispatch.Replayer;
import org.basinlab.ledger.Replays;
import org.basinlab.recipe.Progress;

/** A sample of a study's tasks, run again on one thread beside whatever else this process does. */
@ApplicationScoped
class SampledReplays implements Replayer {

    private final Replays replays;
    private final Auditing auditing;

    SampledReplays(Replays replays, Auditing auditing) {
        this.replays = replays;
        this.auditing = auditing;
    }

    @Override
    public Replayed replay(UUID study, int most, long seed) {
        long able = replays.list(study).stream().filter(Replays.Task::hasInputs).count();
        if (able == 0) {
            return new Replayed(0, List.of());
        }
        double fraction = Math.min(1, (double) most / able);
        Auditing.Audit audit = auditing.audit(study, fraction, seed, 1, Progress.UNWATCHED);
        List<String> differing = audit.compared().stream()
                .filter(one -> one.isPromised() && !one.isEqual())
                .map(Auditing.Compared::name)
                .toList();
        return new Replayed(audit.compared().size(), differing);
    }
}
