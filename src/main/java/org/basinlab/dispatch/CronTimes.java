package org.basinlab.dispatch;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.basinlab.study.RunSettings;
import org.quartz.CronExpression;

/** The times of a schedule, whole seconds each, as Quartz counts them. */
final class CronTimes {

    private final CronExpression expression;

    private CronTimes(CronExpression expression) {
        this.expression = expression;
    }

    /** @throws IllegalArgumentException if Quartz does not take the expression */
    static CronTimes of(RunSettings.Schedule schedule) {
        try {
            CronExpression expression = new CronExpression(schedule.cron());
            expression.setTimeZone(zone(schedule));
            return new CronTimes(expression);
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "schedule.cron must be a cron expression, was '%s': %s".formatted(schedule.cron(), e.getMessage()),
                    e);
        }
    }

    /**
     * The zone as Quartz keeps it: it stores a zone's name and reads that with {@link TimeZone}, which takes {@code +02:00} and
     * {@code UTC+02:00} for Greenwich without a word.
     */
    static TimeZone zone(RunSettings.Schedule schedule) {
        return TimeZone.getTimeZone(ZoneId.of(schedule.timeZone()).normalized());
    }

    boolean isDue(Instant time) {
        return time.equals(time.truncatedTo(ChronoUnit.SECONDS)) && expression.isSatisfiedBy(Date.from(time));
    }

    /** The first after {@code time}; empty where there is none any more. */
    Optional<Instant> next(Instant time) {
        return Optional.ofNullable(expression.getNextValidTimeAfter(Date.from(time)))
                .map(Date::toInstant);
    }

    /**
     * The last that is neither before {@code since} nor after {@code upTo}. Looked for from the end, as that may be weeks after the
     * beginning: whether there is one later than a moment is known at once, and it grows less likely the later the moment is.
     */
    Optional<Instant> latest(Instant since, Instant upTo) {
        Instant before = since.minusMillis(1);
        if (!isWithin(before, upTo)) {
            return Optional.empty();
        }
        Instant with = before;
        Instant without = upTo;
        while (Duration.between(with, without).toMillis() > 1_000) {
            Instant middle = with.plus(Duration.between(with, without).dividedBy(2));
            if (isWithin(middle, upTo)) {
                with = middle;
            } else {
                without = middle;
            }
        }
        // At most a second lies between: there is one time in it.
        return next(with);
    }

    private boolean isWithin(Instant after, Instant upTo) {
        return next(after).filter(time -> !time.isAfter(upTo)).isPresent();
    }
}
