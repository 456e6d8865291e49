package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.basinlab.ledger.Upkeep;
import org.jboss.logging.Logger;

/** Says when the store's disk fills up, and when it has room again; Quartz says when to look, on one server at a time. */
@ApplicationScoped
class DiskWatch {

    private static final Logger LOG = Logger.getLogger(DiskWatch.class);

    private final StoreRoom room;
    private final Upkeep upkeep;

    DiskWatch(StoreRoom room, Upkeep upkeep) {
        this.room = room;
        this.upkeep = upkeep;
    }

    @Scheduled(
            every = "{basinlab.upkeep.room:1M}",
            identity = "disk-watch",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        room.usage().ifPresent(this::note);
    }

    private void note(StoreRoom.Usage usage) {
        Upkeep.Room now = room.room();
        if (!upkeep.noteRoom(now, Map.of("percent", usage.percent(), "of", usage.of()))) {
            return;
        }
        if (now == Upkeep.Room.ROOM) {
            LOG.infof("the store has room again: %d %% of %s are taken", usage.percent(), usage.of());
        } else {
            LOG.warnf(
                    "the store runs out of room: %d %% of %s are taken%s",
                    usage.percent(), usage.of(), now == Upkeep.Room.FULL ? "; no study is taken in" : "");
        }
    }
}
