package org.basinlab.dispatch;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.basinlab.ledger.Timetable;
import org.basinlab.study.RunSettings;
import org.jboss.logging.Logger;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.JobBuilder;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;

/**
 * Keeps one trigger of Quartz for each schedule of the timetable, which is the truth: whoever changes the timetable, with a server
 * or without, every server's clock follows within seconds. Triggers stand in the store, so one server sets them for all.
 */
@ApplicationScoped
class CronStudies {

    static final String GROUP = "schedules";

    private static final JobKey JOB = JobKey.jobKey("cron-study", GROUP);

    private static final Logger LOG = Logger.getLogger(CronStudies.class);

    private final Timetable timetable;
    private final Instance<Scheduler> quartz;

    CronStudies(Timetable timetable, Instance<Scheduler> quartz) {
        this.timetable = timetable;
        this.quartz = quartz;
    }

    /** Part of a transaction: Quartz holds its own lock until the end of it. */
    @Scheduled(
            every = "{basinlab.upkeep.schedules:5S}",
            identity = "cron-studies",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void align() {
        try {
            Scheduler scheduler = quartz.get();
            List<Timetable.Entry> entries = timetable.list();
            Set<TriggerKey> wanted = new HashSet<>();
            for (Timetable.Entry entry : entries) {
                TriggerKey key = TriggerKey.triggerKey(entry.id().toString(), GROUP);
                wanted.add(key);
                set(scheduler, key, entry);
            }
            for (TriggerKey key : scheduler.getTriggerKeys(GroupMatcher.triggerGroupEquals(GROUP))) {
                if (!wanted.contains(key) && scheduler.unscheduleJob(key)) {
                    LOG.infof("schedule %s fires no more", key.getName());
                }
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException("the schedules cannot be given to Quartz: " + e.getMessage(), e);
        }
    }

    private static void set(Scheduler scheduler, TriggerKey key, Timetable.Entry entry) throws SchedulerException {
        Trigger there = scheduler.getTrigger(key);
        if (there instanceof CronTrigger cron && isSame(cron, entry)) {
            return;
        }
        // What it fired for is over: the clock goes on behind it.
        Instant start = entry.last()
                .map(last -> last.plusSeconds(1))
                .filter(entry.enabledAt()::isBefore)
                .orElse(entry.enabledAt());
        if (CronTimes.of(entry.schedule()).next(start.minusMillis(1)).isEmpty()) {
            return;
        }
        if (!scheduler.checkExists(JOB)) {
            scheduler.addJob(
                    JobBuilder.newJob(CronStudyJob.class)
                            .withIdentity(JOB)
                            .storeDurably()
                            .requestRecovery()
                            .build(),
                    true);
        }
        Trigger trigger = trigger(key, entry.schedule(), start);
        if (there == null) {
            scheduler.scheduleJob(trigger);
        } else {
            scheduler.rescheduleJob(key, trigger);
        }
        LOG.infof("schedule %s: %s", key.getName(), entry.schedule());
    }

    private static boolean isSame(CronTrigger trigger, Timetable.Entry entry) {
        RunSettings.Schedule schedule = entry.schedule();
        return trigger.getCronExpression().equals(schedule.cron())
                && trigger.getTimeZone().equals(CronTimes.zone(schedule))
                && trigger.getMisfireInstruction() == misfire(schedule)
                && !trigger.getStartTime()
                        .toInstant()
                        .isBefore(entry.enabledAt().truncatedTo(ChronoUnit.MILLIS));
    }

    private static Trigger trigger(TriggerKey key, RunSettings.Schedule schedule, Instant start) {
        CronScheduleBuilder cron =
                CronScheduleBuilder.cronSchedule(schedule.cron()).inTimeZone(CronTimes.zone(schedule));
        return TriggerBuilder.newTrigger()
                .withIdentity(key)
                .forJob(JOB)
                .startAt(Date.from(start))
                .withSchedule(
                        isSkipping(schedule)
                                ? cron.withMisfireHandlingInstructionDoNothing()
                                : cron.withMisfireHandlingInstructionFireAndProceed())
                .build();
    }

    private static boolean isSkipping(RunSettings.Schedule schedule) {
        return schedule.misfire().equals("skip");
    }

    private static int misfire(RunSettings.Schedule schedule) {
        return isSkipping(schedule)
                ? CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING
                : CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW;
    }

    /** The id of the schedule whose trigger this is. */
    static Optional<UUID> schedule(TriggerKey key) {
        return key.getGroup().equals(GROUP) ? Optional.of(UUID.fromString(key.getName())) : Optional.empty();
    }
}
