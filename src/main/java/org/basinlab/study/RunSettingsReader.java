package org.basinlab.study;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the keys of a study that say how it is run and not what it asks: no change of them makes another study. */
final class RunSettingsReader {

    static final String PRIORITY = "priority";
    static final String MAX_RUNNING = "maxRunning";
    static final String DEVICE = "device";
    static final String LIMITS = "limits";
    static final String SCHEDULE = "schedule";

    private static final int MOST_RUNNING = 100_000;

    /** A year: what takes longer than that has no limit. */
    private static final long LONGEST_SECONDS = 366L * 24 * 3_600;

    private static final List<String> DEVICES = List.of("any", "cpu", "gpu");
    private static final List<String> MISFIRES = List.of("fire-once", "skip");

    private static final Keys KINDS = Keys.of(LIMITS, "train", "merge", "control", "evaluate", "judge", "probe");
    private static final Keys TIMES = Keys.of("limits of a kind of task", "queue", "run", "silence");
    private static final Keys SCHEDULES = Keys.of("a schedule", "cron", "misfire", "timeZone");

    private static final int SECONDS_PER_MINUTE = 60;

    private RunSettingsReader() {}

    /** @param root the whole study */
    static RunSettings read(Section root) {
        return new RunSettings(
                find(root, PRIORITY)
                        .map(value -> value.integer(-RunSettings.HIGHEST_PRIORITY, RunSettings.HIGHEST_PRIORITY))
                        .orElse(RunSettings.DEFAULT.priority()),
                find(root, MAX_RUNNING).map(value -> value.integer(1, MOST_RUNNING)),
                find(root, DEVICE)
                        .map(value -> value.choice(DEVICES, Function.identity()))
                        .orElse(RunSettings.DEFAULT.device()),
                find(root, LIMITS).map(RunSettingsReader::limits).orElse(Map.of()),
                find(root, SCHEDULE).map(RunSettingsReader::schedule));
    }

    /** {@code null} says the same as leaving the key out. */
    private static Optional<Value> find(Section root, String key) {
        return root.find(key)
                .filter(value ->
                        !(value.yaml() instanceof YamlValue.Scalar scalar && scalar.kind() == YamlValue.Kind.NOTHING));
    }

    private static Map<String, RunSettings.TimeLimits> limits(Value value) {
        Section kinds = value.section(KINDS);
        Map<String, RunSettings.TimeLimits> limits = new LinkedHashMap<>();
        for (String kind : kinds.keys()) {
            Section times = kinds.get(kind).section(TIMES);
            limits.put(
                    kind,
                    new RunSettings.TimeLimits(
                            seconds(times, "queue"), seconds(times, "run"), seconds(times, "silence")));
        }
        return limits;
    }

    private static Optional<Long> seconds(Section times, String key) {
        return times.find(key).map(value -> value.wholeNumber(1, LONGEST_SECONDS));
    }

    private static RunSettings.Schedule schedule(Value value) {
        Section schedule = value.section(SCHEDULES);
        Value cron = schedule.get("cron");
        String expression = cron.text();
        CronForm.fault(expression).ifPresent(fault -> {
            throw cron.refuse(fault);
        });
        return new RunSettings.Schedule(
                expression,
                schedule.find("misfire")
                        .map(rule -> rule.choice(MISFIRES, Function.identity()))
                        .orElse("fire-once"),
                schedule.find("timeZone").map(RunSettingsReader::timeZone).orElse("UTC"));
    }

    private static String timeZone(Value value) {
        String name = value.text();
        try {
            ZoneId zone = ZoneId.of(name);
            if (zone.normalized() instanceof ZoneOffset offset && offset.getTotalSeconds() % SECONDS_PER_MINUTE != 0) {
                throw value.refuse("must be whole minutes from UTC, was '%s'".formatted(YamlValue.shown(name)));
            }
            return zone.getId();
        } catch (DateTimeException e) {
            throw value.refuse("must be a time zone, Europe/Berlin or UTC, was '%s'".formatted(YamlValue.shown(name)));
        }
    }
}
