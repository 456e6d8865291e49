package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import org.basinlab.ledger.Retention;
import org.jboss.logging.Logger;

/** Deletes what was kept long enough, and never what a verdict rests on; Quartz says when, on one server at a time. */
@ApplicationScoped
class RetentionJob {

    private static final Logger LOG = Logger.getLogger(RetentionJob.class);

    private final Retention retention;
    private final UpkeepConfig config;

    RetentionJob(Retention retention, UpkeepConfig config) {
        this.retention = retention;
        this.config = config;
    }

    @Scheduled(
            cron = "{basinlab.upkeep.retention:0 40 3 * * ?}",
            identity = "retention",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void delete() {
        LOG.infof("retention: %s", retention.delete(config.retain()));
    }
}
