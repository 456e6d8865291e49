package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerKey;

/** Quartz's doorbell: a schedule is due, or the server that had begun with it died. */
@ApplicationScoped
class CronStudyJob implements Job {

    private final Firing firing;

    CronStudyJob(Firing firing) {
        this.firing = firing;
    }

    @Override
    public void execute(JobExecutionContext context) {
        TriggerKey key = context.isRecovering()
                ? context.getRecoveringTriggerKey()
                : context.getTrigger().getKey();
        CronStudies.schedule(key).ifPresent(schedule -> firing.fire(schedule, due(context)));
    }

    /** The time for which it fires, which is not when it does so. */
    private static Instant due(JobExecutionContext context) {
        if (context.isRecovering()) {
            return Instant.ofEpochMilli(Long.parseLong(context.getMergedJobDataMap()
                    .getString(Scheduler.FAILED_JOB_ORIGINAL_TRIGGER_SCHEDULED_FIRETIME_IN_MILLISECONDS)));
        }
        return context.getScheduledFireTime().toInstant();
    }
}
