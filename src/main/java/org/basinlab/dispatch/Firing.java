package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.StoreFault;
import org.basinlab.ledger.Submissions;
import org.basinlab.ledger.Timetable;
import org.basinlab.study.SpecificationException;
import org.basinlab.study.Wanted;
import org.basinlab.workflow.ClaimRefusedException;
import org.jboss.logging.Logger;

/**
 * What a schedule does when it is due: its study is submitted once for each of its times, however many servers come with it and
 * however often.
 */
@ApplicationScoped
class Firing {

    private static final Logger LOG = Logger.getLogger(Firing.class);

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Timetable timetable;
    private final Intake intake;
    private final DispatchConfig config;

    Firing(Timetable timetable, Intake intake, DispatchConfig config) {
        this.timetable = timetable;
        this.intake = intake;
        this.config = config;
    }

    /** @param due the time for which it fires, or, where that was missed, when that was noticed */
    void fire(UUID schedule, Instant due) {
        Outage outage = new Outage(config.storeOutage());
        while (true) {
            try {
                timetable.find(schedule).ifPresent(entry -> fire(entry, due));
                return;
            } catch (RuntimeException e) {
                if (!StoreFault.isPassing(e)) {
                    throw e;
                }
                outage.goesOn(e).ifPresent(gone -> {
                    throw gone;
                });
                pause();
            }
        }
    }

    private void fire(Timetable.Entry entry, Instant due) {
        CronTimes times = CronTimes.of(entry.schedule());
        // A missed time is noticed at some other moment, which may not be the same on every server: its own time names
        // it.
        Optional<Instant> time = times.isDue(due) ? Optional.of(due) : times.latest(entry.enabledAt(), due);
        time.ifPresent(named -> submit(entry, named));
    }

    private void submit(Timetable.Entry entry, Instant time) {
        try {
            Wanted wanted = Wanted.read(entry.specification(), "schedule");
            Intake.Ready ready = intake.ready(wanted);
            Optional<Submissions.Submitted> study =
                    timetable.fire(entry.id(), time, wanted, ready.plan(), ready.facts());
            study.ifPresent(submitted -> {
                LOG.infof("schedule %s: study %s for %s", entry.id(), submitted.id(), time);
                intake.tell(submitted.id());
                intake.keepData(wanted.study());
            });
        } catch (SpecificationException
                | StartRefusedException
                | ClaimRefusedException
                | DataUnavailableException
                | StoreFullException e) {
            fail(entry, time, e);
        } catch (RuntimeException e) {
            if (StoreFault.isPassing(e)) {
                throw e;
            }
            LOG.errorf(e, "schedule %s could not be run for %s", entry.id(), time);
            fail(entry, time, e);
        }
    }

    private void fail(Timetable.Entry entry, Instant time, RuntimeException why) {
        if (timetable.fail(entry.id(), time, StoreFault.rootMessage(why))) {
            LOG.warnf("schedule %s submitted nothing for %s: %s", entry.id(), time, StoreFault.rootMessage(why));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("a firing was interrupted", e);
        }
    }
}
