package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.CanonicalJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunSettingsReaderTest {

    private static RunSettings read(String keys) {
        return StudyFile.settings(StudyFileTest.LEAST + keys, "s.yaml");
    }

    @Test
    void a_study_that_says_nothing_has_the_defaults() {
        assertThat(read("")).isEqualTo(RunSettings.DEFAULT);
        assertThat(read("schedule: null\nlimits: null\npriority: null\n")).isEqualTo(RunSettings.DEFAULT);
    }

    @Test
    void every_setting_is_read() {
        RunSettings settings = read("""
                priority: -7
                maxRunning: 3
                device: gpu
                limits: { train: { run: 600, silence: 60 }, merge: { queue: 3600 } }
                schedule: { cron: "0 0 2 * * ?", misfire: skip, timeZone: Europe/Berlin }
                """);

        assertThat(settings)
                .isEqualTo(new RunSettings(
                        -7,
                        Optional.of(3),
                        "gpu",
                        Map.of(
                                "train",
                                new RunSettings.TimeLimits(Optional.empty(), Optional.of(600L), Optional.of(60L)),
                                "merge",
                                new RunSettings.TimeLimits(Optional.of(3600L), Optional.empty(), Optional.empty())),
                        Optional.of(new RunSettings.Schedule("0 0 2 * * ?", "skip", "Europe/Berlin"))));
        assertThat(CanonicalJson.read(CanonicalJson.write(settings), RunSettings.class))
                .isEqualTo(settings);
        assertThat(CanonicalJson.read(CanonicalJson.write(RunSettings.DEFAULT), RunSettings.class))
                .isEqualTo(RunSettings.DEFAULT);
    }

    @Test
    void how_a_study_is_run_is_no_part_of_what_it_asks() {
        Study plain = StudyFile.read(StudyFileTest.LEAST, "s.yaml");

        Study urgent = StudyFile.read(
                StudyFileTest.LEAST + "priority: 50\nmaxRunning: 2\nschedule: { cron: '0 0 2 * * ?' }\n", "s.yaml");

        assertThat(urgent.canonical()).isEqualTo(plain.canonical());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "priority: 101 | priority | priority must lie in [-100, 100], was 101",
                "priority: high | priority | priority must be a whole number in [-100, 100], was 'high'",
                "maxRunning: 0 | maxRunning | maxRunning must lie in [1, 100000], was 0",
                "device: tpu | device | device must be any, cpu or gpu, was 'tpu'",
                "limits: { training: { run: 1 } } | limits.training | limits.training is not known",
                "limits: { train: { run: 0 } } | limits.train.run | limits.train.run must lie in [1, 31622400], was 0",
                "limits: { train: { ran: 1 } } | limits.train.ran | limits.train.ran is not known (did you mean run?)",
                "schedule: { misfire: skip } | schedule.cron | schedule.cron is missing",
                "schedule: daily | schedule | schedule must be a mapping, was 'daily'",
                "schedule: { cron: '0 2 * * ?' } | schedule.cron | schedule.cron must have 6 or 7 fields",
                "schedule: { cron: '0 0 25 * * ?' } | schedule.cron | schedule.cron must have hours in 0-23, had '25'",
                "schedule: { cron: '0 0 2 * * *' } | schedule.cron | schedule.cron must have ? either as the day of the month",
                "schedule: { cron: '0 0 2 * * ?', misfire: twice } | schedule.misfire | must be fire-once or skip",
                "schedule: { cron: '0 0 2 * * ?', timeZone: Mars/Base } | schedule.timeZone | must be a time zone",
                "schedule: { cron: '0 0 2 * * ?', timeZone: '+01:30:30' } | schedule.timeZone | must be whole minutes from UTC",
            })
    void what_cannot_be_taken_is_refused_with_line_and_key(String line, String key, String problem) {
        SpecificationException refused = catchThrowableOfType(
                SpecificationException.class, () -> StudyFile.read(StudyFileTest.LEAST + line, "s.yaml"));

        assertThat(refused).hasMessageContaining(problem).hasMessageStartingWith("s.yaml:");
        assertThat(refused.line()).isEqualTo((int) StudyFileTest.LEAST.lines().count() + 1);
        if (!problem.endsWith("is missing")) {
            assertThat(refused.key()).isEqualTo(key);
        }
    }
}
