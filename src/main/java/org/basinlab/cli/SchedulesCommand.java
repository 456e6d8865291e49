package org.basinlab.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.basinlab.ledger.ScheduleView;
import org.basinlab.recipe.CanonicalJson;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code basinlab schedules}: studies that a clock starts. */
@Command(
        name = "schedules",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the studies that a clock starts: when each ran and runs next, and what came of it. Or switches one on or off, or"
                    + " takes it out.",
            "A study becomes one when it has a schedule and is submitted. A server or worker (basinlab serve, basinlab worker) must run when its time"
                    + " comes."
        },
        footer = {
            "",
            "Examples:",
            "  basinlab schedules",
            "  basinlab submit nightly.yaml       # with  schedule: { cron: \"0 0 2 * * ?\" }",
            "  basinlab schedules nightly --disable",
            "  basinlab schedules nightly --remove --server http://lab:8080"
        })
final class SchedulesCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "ID",
            arity = "0..1",
            description = "One schedule: its study's name, its id, or the beginning of that.")
    private @Nullable String id;

    @Option(names = "--enable", description = "Lets it fire again, from now on.")
    private boolean enable;

    @Option(names = "--disable", description = "Lets it fire no more until it is enabled.")
    private boolean disable;

    @Option(names = "--remove", description = "Takes it out; studies that it started stay.")
    private boolean remove;

    @Mixin
    private ClientOptions client;

    @Mixin
    private SharedOptions shared;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<Desk.Turn> turn = turn();
        if (turn.isPresent() && id == null) {
            throw new UsageException("--enable, --disable and --remove must come with the name or id of a schedule");
        }
        try (Desk desk = client.desk(shared, spec.commandLine().getErr())) {
            List<ScheduleView> schedules = desk.schedules();
            if (id == null) {
                return print(schedules);
            }
            ScheduleView schedule = one(schedules, id);
            if (turn.isEmpty()) {
                return print(List.of(schedule));
            }
            Meaning.requireClear(schedule, id);
            turn(desk, turn.get(), schedule);
            return ExitCode.DONE;
        }
    }

    private void turn(Desk desk, Desk.Turn turn, ScheduleView schedule) {
        PrintWriter out = spec.commandLine().getOut();
        boolean isSoAlready = turn != Desk.Turn.REMOVE && schedule.enabled() == (turn == Desk.Turn.ENABLE);
        Optional<ScheduleView> after = isSoAlready ? Optional.of(schedule) : desk.turn(turn, schedule.id());
        if (shared.json()) {
            out.println(CanonicalJson.write(after.orElse(schedule)));
        } else {
            out.println("%s (schedule %s) %s"
                    .formatted(
                            schedule.name(),
                            schedule.id(),
                            isSoAlready
                                    ? "is %s already, nothing was changed"
                                            .formatted(turn == Desk.Turn.ENABLE ? "on" : "off")
                                    : turn.done()));
        }
    }

    private Optional<Desk.Turn> turn() {
        if ((enable ? 1 : 0) + (disable ? 1 : 0) + (remove ? 1 : 0) > 1) {
            throw new UsageException("one of --enable, --disable and --remove must be given at a time");
        }
        if (enable) {
            return Optional.of(Desk.Turn.ENABLE);
        }
        if (disable) {
            return Optional.of(Desk.Turn.DISABLE);
        }
        return remove ? Optional.of(Desk.Turn.REMOVE) : Optional.empty();
    }

    private static ScheduleView one(List<ScheduleView> schedules, String id) {
        List<ScheduleView> matches = schedules.stream()
                .filter(schedule ->
                        schedule.name().equals(id) || schedule.id().toString().startsWith(id))
                .toList();
        if (matches.size() == 1) {
            return matches.get(0);
        }
        throw new UsageException(
                matches.isEmpty()
                        ? "no schedule has the id or name '%s'; basinlab schedules lists them".formatted(id)
                        : "'%s' must begin the id of one schedule, it begins %d".formatted(id, matches.size()));
    }

    private int print(List<ScheduleView> schedules) {
        PrintWriter out = spec.commandLine().getOut();
        if (shared.json()) {
            out.println(CanonicalJson.write(schedules));
        } else if (schedules.isEmpty()) {
            out.println(
                    "no schedules; a study with  schedule: { cron: \"0 0 2 * * ?\" }  becomes one when it is submitted");
        } else {
            TextTable table = new TextTable(
                    "id", "study", "cron", "zone", "misfire", "on", "last", "next", ">fired", "came of it");
            schedules.forEach(schedule -> table.add(row(schedule)));
            table.print(out);
        }
        return ExitCode.DONE;
    }

    private static List<String> row(ScheduleView schedule) {
        return List.of(
                schedule.id().toString().substring(0, 8),
                schedule.name(),
                schedule.cron(),
                schedule.timeZone(),
                schedule.misfire(),
                schedule.enabled() ? "yes" : "no",
                time(schedule.previous()),
                time(schedule.next()),
                Integer.toString(schedule.firings()),
                schedule.lastFault()
                        .or(() -> schedule.lastStudy()
                                .map(study -> "study " + study.toString().substring(0, 8)))
                        .orElse(""));
    }

    private static String time(Optional<Instant> time) {
        return time.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("");
    }
}
