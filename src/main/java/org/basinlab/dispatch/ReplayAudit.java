package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import org.basinlab.ledger.Upkeep;
import org.jboss.logging.Logger;

/**
 * Runs a few finished tasks again now and then, so that bytes that differ are found before somebody relies on them. Quartz says
 * when to look, on one server at a time; one that computes nothing leaves it to the others.
 */
@ApplicationScoped
class ReplayAudit {

    private static final Logger LOG = Logger.getLogger(ReplayAudit.class);

    private final Upkeep upkeep;
    private final Replayer replayer;
    private final Slots slots;
    private final UpkeepConfig config;

    ReplayAudit(Upkeep upkeep, Replayer replayer, Slots slots, UpkeepConfig config) {
        this.upkeep = upkeep;
        this.replayer = replayer;
        this.slots = slots;
        this.config = config;
    }

    @Scheduled(
            every = "{basinlab.upkeep.replay-check:1H}",
            delayed = "1M",
            identity = "replay-audit",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        if (slots.isStarted() && config.replayTasks() > 0) {
            upkeep.findToReplay(config.replay()).ifPresent(this::replay);
        }
    }

    private void replay(UUID study) {
        // Another sample each time; which one it was can be read in the audit.
        long seed = upkeep.clockMillis();
        Replayer.Replayed replayed = replayer.replay(study, config.replayTasks(), seed);
        upkeep.noteReplay(study, Map.of("tasks", replayed.compared(), "differing", replayed.differing(), "seed", seed));
        if (replayed.differing().isEmpty()) {
            LOG.infof("study %s: %d tasks gave the same bytes again", study, replayed.compared());
        } else {
            LOG.errorf(
                    "study %s: %d of %d tasks that were run again gave other bytes: %s",
                    study, replayed.differing().size(), replayed.compared(), String.join(", ", replayed.differing()));
        }
    }
}
