package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.ControlRefusedException;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.ScheduleViews;
import org.basinlab.ledger.StoreFault;
import org.basinlab.ledger.Timetable;
import org.basinlab.ledger.Upkeep;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Study;
import org.basinlab.study.Wanted;
import org.basinlab.workflow.ClaimRefusedException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Studies that a clock starts: entered, listed, switched on and off. Every server that runs fires them. */
@ApplicationScoped
public class Schedules {

    private static final Logger LOG = Logger.getLogger(Schedules.class);

    private final Timetable timetable;
    private final ScheduleViews views;
    private final Intake intake;
    private final CronStudies clock;
    private final Upkeep upkeep;
    private final boolean hasClock;

    Schedules(
            Timetable timetable,
            DataSource database,
            Intake intake,
            CronStudies clock,
            Upkeep upkeep,
            @ConfigProperty(name = "quarkus.scheduler.enabled", defaultValue = "true") boolean hasClock) {
        this.timetable = timetable;
        this.views = new ScheduleViews(database);
        this.intake = intake;
        this.clock = clock;
        this.upkeep = upkeep;
        this.hasClock = hasClock;
    }

    /** What is entered; {@code before}: it was already. */
    public record Entered(ScheduleView schedule, boolean before) {}

    /**
     * Enters a study, which must be one that could be taken in now. The same text again is the same schedule.
     *
     * @param settings those of the text, with a schedule
     * @param text the specification as it was given; each firing submits it anew
     * @param actor who wants it: {@code cli}, {@code api}
     * @throws IllegalArgumentException if there is no schedule in the settings, or it has no time that is still to come
     * @throws ControlRefusedException if another specification is scheduled under the study's name
     * @throws StartRefusedException if a training cannot start where the study says
     * @throws ClaimRefusedException if the study lists a claim that it does not measure
     * @throws DataUnavailableException if its data are not there
     * @throws StoreFullException if the store has no room
     */
    public Entered register(Study study, RunSettings settings, String text, String actor) {
        RunSettings.Schedule schedule = settings.schedule()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a study must say when it runs to be scheduled (schedule: { cron: ... }), %s does not"
                                .formatted(study.name())));
        Instant now = Instant.ofEpochMilli(upkeep.clockMillis());
        Optional<Instant> next = CronTimes.of(schedule).next(now);
        if (next.isEmpty()) {
            throw new IllegalArgumentException(
                    "schedule.cron must have a time that is still to come, '%s' has none".formatted(schedule.cron()));
        }
        Wanted wanted = new Wanted(study, settings, text);
        intake.ready(wanted);
        Timetable.Added added = timetable.add(wanted, schedule, actor);
        setClock();
        ScheduleView entered = get(added.id());
        boolean isToldNext = entered.next().isPresent() || !entered.enabled();
        // A process without a clock leaves it to the next server to write down what it will fire.
        return new Entered(isToldNext ? entered : entered.withNext(next), added.before());
    }

    /** By name. */
    public List<ScheduleView> list() {
        return views.list();
    }

    public Optional<ScheduleView> find(UUID schedule) {
        return views.find(schedule);
    }

    /**
     * Lets a schedule fire again, from now on.
     *
     * @throws ControlRefusedException if there is none
     */
    public ScheduleView enable(UUID schedule, String actor) {
        return turn(schedule, true, actor);
    }

    /**
     * Lets it fire no more until it is enabled.
     *
     * @throws ControlRefusedException if there is none
     */
    public ScheduleView disable(UUID schedule, String actor) {
        return turn(schedule, false, actor);
    }

    private ScheduleView turn(UUID schedule, boolean on, String actor) {
        get(schedule);
        if (timetable.enable(schedule, on, actor)) {
            setClock();
        }
        return get(schedule);
    }

    /**
     * Takes a schedule out; studies that it submitted stay.
     *
     * @throws ControlRefusedException if there is none
     */
    public void remove(UUID schedule, String actor) {
        if (!timetable.remove(schedule, actor)) {
            throw unknown(schedule);
        }
        setClock();
    }

    private ScheduleView get(UUID schedule) {
        return find(schedule).orElseThrow(() -> unknown(schedule));
    }

    private static ControlRefusedException unknown(UUID schedule) {
        return new ControlRefusedException(
                ControlRefusedException.Why.UNKNOWN, "no schedule has the id %s".formatted(schedule));
    }

    /** At once where this process has a clock; otherwise, and where that fails, the next server does it. */
    private void setClock() {
        if (!hasClock) {
            return;
        }
        try {
            clock.align();
        } catch (RuntimeException e) {
            LOG.warnf("the change takes effect in a moment: %s", StoreFault.rootMessage(e));
        }
    }
}
