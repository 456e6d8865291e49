package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.ControlRefusedException;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.ledger.Timetable;
import org.basinlab.ledger.Upkeep;
import org.basinlab.study.RunSettings;
import org.basinlab.study.Wanted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.Scheduler;
import org.quartz.TriggerKey;

/** Studies that a clock starts, on a real PostgreSQL with Quartz's tables. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class SchedulesTest {

    private static final long MOST_SECONDS = 60;

    @Inject
    Schedules schedules;

    @Inject
    Timetable timetable;

    @Inject
    DataSource database;

    @Inject
    Intake intake;

    @Inject
    Firing firing;

    @Inject
    CronStudies clock;

    @Inject
    Scheduler quartz;

    @Inject
    Upkeep upkeep;

    @Inject
    LedgerFixture ledger;

    private static Wanted wanted(String name, String schedule) {
        return Wanted.read("""
                study: %s
                dataset: { name: synthetic-shapes }
                network: { mlp: { hidden: [4] } }
                training: { seeds: { from: 0, count: 1 }, epochs: 1, optimiser: { sgd: { learningRate: 0.1 } } }
                evaluate: { weight-norm: {} }
                priority: 7
                schedule: %s
                """.formatted(name, schedule), name + ".yaml");
    }

    private ScheduleView register(Wanted wanted) {
        return enter(wanted).schedule();
    }

    private Schedules.Entered enter(Wanted wanted) {
        return schedules.register(wanted.study(), wanted.settings(), wanted.text(), "test");
    }

    private long firings(UUID schedule) {
        return ledger.ask("SELECT count(*) FROM ledger.schedule_firing WHERE schedule_id = ?1", Long.class, schedule);
    }

    /** Daily at an hour that is half a day away, so that the clock itself does not come in between. */
    private String farOff() {
        Instant now = Instant.ofEpochMilli(upkeep.clockMillis());
        return "{ cron: '0 0 %d * * ?' }"
                .formatted(
                        now.plus(12, ChronoUnit.HOURS).atOffset(ZoneOffset.UTC).getHour());
    }

    @Test
    void a_schedule_is_entered_once_switched_and_taken_out() {
        Wanted wanted = wanted("entered", "{ cron: '0 0 0 1 1 ? 2099', misfire: skip }");

        ScheduleView first = register(wanted);
        Schedules.Entered again = enter(wanted);
        ScheduleView off = schedules.disable(first.id(), "test");
        ScheduleView on = schedules.enable(first.id(), "test");

        Optional<Instant> next = Optional.of(Instant.parse("2099-01-01T00:00:00Z"));
        assertThat(first)
                .isEqualTo(new ScheduleView(
                        first.id(),
                        "entered",
                        "0 0 0 1 1 ? 2099",
                        "skip",
                        "UTC",
                        true,
                        Optional.empty(),
                        next,
                        Optional.empty(),
                        Optional.empty(),
                        0));
        assertThat(again).isEqualTo(new Schedules.Entered(first, true));
        assertThat(off.enabled()).isFalse();
        assertThat(off.next()).isEmpty();
        assertThat(on.next()).isEqualTo(next);
        assertThat(schedules.list()).contains(on);
        assertThatThrownBy(() -> register(wanted("entered", "{ cron: '0 0 0 2 1 ? 2099' }")))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessageContaining("entered is already, with another specification (%s)".formatted(first.id()));

        schedules.remove(first.id(), "test");

        assertThat(schedules.find(first.id())).isEmpty();
        assertThat(ledger.ask(
                        "SELECT count(*) FROM quartz.qrtz_triggers WHERE trigger_name = ?1",
                        Long.class,
                        first.id().toString()))
                .isZero();
        assertThatThrownBy(() -> schedules.remove(first.id(), "test"))
                .isInstanceOf(ControlRefusedException.class)
                .hasMessage("no schedule has the id " + first.id());
        assertThat(ledger.ask("""
                        SELECT string_agg(action, ' ' ORDER BY id)
                          FROM ledger.audit
                         WHERE detail ->> 'schedule' = ?1
                        """, String.class, first.id().toString()))
                .isEqualTo("schedule-added schedule-disabled schedule-enabled schedule-removed");
    }

    @Test
    void a_process_without_a_clock_says_when_it_runs_next_all_the_same() {
        Schedules clockless = new Schedules(timetable, database, intake, clock, upkeep, false);
        Wanted wanted = wanted("clockless", "{ cron: '0 0 0 1 1 ? 2098' }");

        Schedules.Entered entered = clockless.register(wanted.study(), wanted.settings(), wanted.text(), "test");
        clockless.remove(entered.schedule().id(), "test");

        assertThat(entered.schedule().next()).contains(Instant.parse("2098-01-01T00:00:00Z"));
    }

    @Test
    void a_study_without_a_time_that_is_to_come_is_not_entered() {
        Wanted never = wanted("never", "null");
        Wanted over = wanted("over", "{ cron: '0 0 0 1 1 ? 2020' }");

        assertThatThrownBy(() -> register(never))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("never does not");
        assertThatThrownBy(() -> register(over))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schedule.cron must have a time that is still to come, '0 0 0 1 1 ? 2020' has none");
    }

    @Test
    void however_many_come_with_one_time_one_study_is_submitted() throws Exception {
        ScheduleView schedule = register(wanted("once", farOff()));
        Instant due = schedule.next().orElseThrow();
        ExecutorService servers = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int server = 0; server < 12; server++) {
                done.add(servers.submit(() -> firing.fire(schedule.id(), due)));
            }
            for (Future<?> one : done) {
                one.get();
            }
        } finally {
            servers.shutdownNow();
        }

        ScheduleView after = schedules.find(schedule.id()).orElseThrow();
        assertThat(after.firings()).isEqualTo(1);
        assertThat(after.previous()).contains(due);
        UUID study = after.lastStudy().orElseThrow();
        assertThat(ledger.ask("SELECT count(*) FROM ledger.study WHERE name = 'once' AND id = ?1", Long.class, study))
                .isEqualTo(1);
        assertThat(ledger.ask("SELECT count(*) FROM ledger.study WHERE name = 'once'", Long.class))
                .isEqualTo(1);
        assertThat(ledger.ask(
                        "SELECT idempotency_key || ' ' || priority || ' ' || (settings ->> 'priority') FROM ledger.study WHERE id = ?1",
                        String.class,
                        study))
                .isEqualTo("schedule/%s/%s 7 7".formatted(schedule.id(), due));
        schedules.remove(schedule.id(), "test");
    }

    @Test
    void a_time_that_was_missed_keeps_its_own_name_whenever_that_is_noticed() {
        ScheduleView schedule = register(wanted("missed", farOff()));
        ledger.change(
                "UPDATE ledger.schedule SET enabled_at = enabled_at - interval '3 days' WHERE id = ?1", schedule.id());
        Instant missed = schedule.next().orElseThrow().minus(1, ChronoUnit.DAYS);

        firing.fire(schedule.id(), missed.plusSeconds(4_321));
        firing.fire(schedule.id(), missed.plusMillis(7_654_321));
        firing.fire(schedule.id(), missed);

        ScheduleView after = schedules.find(schedule.id()).orElseThrow();
        assertThat(after.firings()).isEqualTo(1);
        assertThat(after.previous()).contains(missed);
        schedules.remove(schedule.id(), "test");
    }

    @Test
    void what_passed_before_it_was_enabled_nobody_missed() {
        ScheduleView schedule = register(wanted("before", farOff()));

        firing.fire(schedule.id(), Instant.ofEpochMilli(upkeep.clockMillis()));
        schedules.disable(schedule.id(), "test");
        firing.fire(schedule.id(), schedule.next().orElseThrow());

        assertThat(firings(schedule.id())).isZero();
        schedules.remove(schedule.id(), "test");
    }

    @Test
    void a_study_that_cannot_be_taken_in_any_more_is_a_fault_of_its_firing() {
        ScheduleView schedule = register(wanted("broken", farOff()));
        ledger.change("UPDATE ledger.schedule SET specification = 'study: broken' WHERE id = ?1", schedule.id());

        firing.fire(schedule.id(), schedule.next().orElseThrow());

        ScheduleView after = schedules.find(schedule.id()).orElseThrow();
        assertThat(after.firings()).isEqualTo(1);
        assertThat(after.lastStudy()).isEmpty();
        assertThat(after.lastFault().orElseThrow()).contains("dataset is missing");
        schedules.remove(schedule.id(), "test");
    }

    /** Entered by SQL alone, as a program without a clock does it. */
    @Test
    void quartz_fires_what_stands_in_the_timetable_for_each_time_once() {
        UUID schedule = UUID.randomUUID();
        Wanted wanted = wanted("ticking", "{ cron: '* * * * * ?' }");
        ledger.change("""
                INSERT INTO ledger.schedule (id, name, cron, misfire, time_zone, specification)
                VALUES (?1, 'ticking', '* * * * * ?', 'fire-once', 'UTC', ?2)
                """, schedule, wanted.text());

        clock.align();
        await(() -> firings(schedule) >= 3);
        schedules.remove(schedule, "test");
        long fired = firings(schedule);

        assertThat(ledger.ask("SELECT count(*) FROM ledger.study WHERE name = 'ticking'", Long.class))
                .isEqualTo(fired);
        assertThat(ledger.ask("""
                        SELECT count(DISTINCT fire_time) FILTER (WHERE fire_time = date_trunc('second', fire_time))
                          FROM ledger.schedule_firing
                         WHERE schedule_id = ?1 AND study_id IS NOT NULL
                        """, Long.class, schedule)).isEqualTo(fired);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+02:00", "UTC+02:00", "Europe/Berlin"})
    void quartz_counts_in_the_time_zone_that_the_schedule_names(String zone) {
        ScheduleView schedule =
                register(wanted("zoned", "{ cron: '0 0 2 1 1 ? 2099', timeZone: '%s' }".formatted(zone)));
        Instant next = CronTimes.of(new RunSettings.Schedule("0 0 2 1 1 ? 2099", "fire-once", zone))
                .next(Instant.EPOCH)
                .orElseThrow();

        long fires = nextInQuartz(schedule.id());
        clock.align();
        schedules.remove(schedule.id(), "test");

        assertThat(Instant.ofEpochMilli(fires)).isEqualTo(next);
        assertThat(schedule.next()).contains(next);
        assertThat(schedule.timeZone()).isEqualTo(zone);
    }

    /** Quartz looks for misfires once a minute; a trigger that goes on after a pause is looked at at once, in the same way. */
    @Test
    void of_times_at_which_nobody_was_there_the_last_is_made_up_for_or_none() {
        String cron = farOff().replaceAll(".*'(.*)'.*", "$1");
        UUID once = UUID.randomUUID();
        UUID skip = UUID.randomUUID();
        Instant missed = CronTimes.of(new RunSettings.Schedule(cron, "skip", "UTC"))
                .next(Instant.ofEpochMilli(upkeep.clockMillis()))
                .orElseThrow()
                .minus(1, ChronoUnit.DAYS);
        missedForDays(once, "made-up-for", cron, "fire-once");
        missedForDays(skip, "skipped", cron, "skip");
        clock.align();

        List.of(once, skip).forEach(this::pauseAndGoOn);
        long now = upkeep.clockMillis();
        await(() -> firings(once) == 1 && nextInQuartz(once) > now && nextInQuartz(skip) > now);

        ScheduleView madeUpFor = schedules.find(once).orElseThrow();
        ScheduleView skipped = schedules.find(skip).orElseThrow();
        List.of(once, skip).forEach(schedule -> schedules.remove(schedule, "test"));
        assertThat(madeUpFor.previous()).contains(missed);
        assertThat(madeUpFor.lastStudy()).isPresent();
        assertThat(madeUpFor.firings()).isEqualTo(1);
        assertThat(skipped.firings()).isZero();
        assertThat(skipped.next()).isEqualTo(madeUpFor.next()).contains(missed.plus(1, ChronoUnit.DAYS));
    }

    private void missedForDays(UUID id, String name, String cron, String misfire) {
        String text = wanted(name, "{ cron: '%s', misfire: %s }".formatted(cron, misfire))
                .text();
        ledger.change("""
                INSERT INTO ledger.schedule (id, name, cron, misfire, time_zone, specification, enabled_at)
                VALUES (?1, ?2, ?3, ?4, 'UTC', ?5, clock_timestamp() - interval '3 days')
                """, id, name, cron, misfire, text);
    }

    private void pauseAndGoOn(UUID schedule) {
        TriggerKey key = TriggerKey.triggerKey(schedule.toString(), CronStudies.GROUP);
        for (boolean on : new boolean[] {false, true}) {
            QuarkusTransaction.requiringNew().call(() -> {
                if (on) {
                    quartz.resumeTrigger(key);
                } else {
                    quartz.pauseTrigger(key);
                }
                return true;
            });
        }
    }

    private long nextInQuartz(UUID schedule) {
        return ledger.ask(
                "SELECT next_fire_time FROM quartz.qrtz_triggers WHERE trigger_name = ?1",
                Long.class,
                schedule.toString());
    }

    private static void await(BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(giveUp);
            Thread.onSpinWait();
        }
    }
}
