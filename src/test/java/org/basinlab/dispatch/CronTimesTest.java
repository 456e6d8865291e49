package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TimeZone;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.RunSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronTimesTest {

    private static final Instant START = Instant.parse("2026-11-22T00:00:00.500Z");

    private static CronTimes times(String cron, String zone) {
        return CronTimes.of(new RunSettings.Schedule(cron, "fire-once", zone));
    }

    @Test
    void times_are_those_of_the_schedules_time_zone() {
        Optional<Instant> berlin = times("0 0 2 * * ?", "Europe/Berlin").next(START);

        assertThat(berlin).contains(Instant.parse("2026-11-22T01:00:00Z"));
        assertThat(times("0 0 2 * * ?", "UTC").isDue(Instant.parse("2026-11-22T02:00:00Z")))
                .isTrue();
        assertThat(times("0 0 2 * * ?", "UTC").isDue(Instant.parse("2026-11-22T02:00:00.100Z")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "+02:00, 2098-12-31T22:00:00Z",
        "UTC+02:00, 2098-12-31T22:00:00Z",
        "GMT-3, 2099-01-01T03:00:00Z",
        "+05:45, 2098-12-31T18:15:00Z",
        "Etc/GMT+5, 2099-01-01T05:00:00Z",
        "Z, 2099-01-01T00:00:00Z",
        "Asia/Kathmandu, 2098-12-31T18:15:00Z"
    })
    void a_time_zone_may_be_a_distance_from_utc(String zone, Instant next) {
        RunSettings.Schedule schedule = new RunSettings.Schedule("0 0 0 1 1 ? 2099", "fire-once", zone);

        TimeZone asStored = TimeZone.getTimeZone(CronTimes.zone(schedule).getID());

        assertThat(CronTimes.of(schedule).next(START)).contains(next);
        assertThat(asStored).isEqualTo(CronTimes.zone(schedule));
        assertThat(asStored.getRawOffset())
                .isEqualTo(Duration.between(next, Instant.parse("2099-01-01T00:00:00Z"))
                        .toMillis());
    }

    @Test
    void what_is_over_has_no_next_time() {
        assertThat(times("0 0 0 1 1 ? 2020", "UTC").next(START)).isEmpty();
    }

    /** The oracle goes through all times one after another. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0/7 * * * * ?", "* * 3 * * ?", "0 0/20 8-10 ? * MON-FRI", "30 15 * 22 * ?", "0 0 0 1 1 ? 2027"})
    void the_latest_time_is_the_last_of_all(String cron) {
        CronTimes times = times(cron, "UTC");
        RandomGenerator random = Seeds.generator(3);
        for (int i = 0; i < 20; i++) {
            Instant since =
                    START.plusMillis(random.nextLong(Duration.ofHours(20).toMillis()));
            Instant upTo = since.plusMillis(random.nextLong(Duration.ofHours(6).toMillis()));

            Optional<Instant> last = Optional.empty();
            for (Optional<Instant> one = times.next(since.minusMillis(1));
                    one.isPresent() && !one.get().isAfter(upTo);
                    one = times.next(one.get())) {
                last = one;
            }

            assertThat(times.latest(since, upTo))
                    .as("%s in [%s, %s]", cron, since, upTo)
                    .isEqualTo(last);
        }
    }

    @Test
    void a_time_counts_from_the_very_moment_since() {
        CronTimes hourly = times("0 0 * * * ?", "UTC");
        Instant hour = Instant.parse("2026-11-22T05:00:00Z");

        assertThat(hourly.latest(hour, hour)).contains(hour);
        assertThat(hourly.latest(hour.plusMillis(1), hour.plusSeconds(60))).isEmpty();
    }

    @Test
    void an_expression_that_quartz_does_not_take_is_refused() {
        assertThatThrownBy(() -> times("every day", "UTC"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("schedule.cron must be a cron expression, was 'every day'");
    }
}
