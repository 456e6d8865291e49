package org.basinlab.study;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of a cron expression as Quartz reads it, a little stricter: seconds, minutes, hours, day of month, month, day of week
 * and, if wanted, year; one of the two days is {@code ?}. Every expression that has this form Quartz takes.
 */
final class CronForm {

    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private static final List<Field> FIELDS = List.of(
            new Field("seconds", 0, 59, List.of(), "", 59),
            new Field("minutes", 0, 59, List.of(), "", 59),
            new Field("hours", 0, 23, List.of(), "", 23),
            new Field(
                    "the day of the month",
                    1,
                    31,
                    List.of(),
                    "L|LW|L-([1-9]|[12][0-9]|30)|([1-9]|[12][0-9]|3[01])W",
                    31),
            new Field("the month", 1, 12, MONTHS, "", 12),
            new Field("the day of the week", 1, 7, DAYS, "L|([1-7]|" + String.join("|", DAYS) + ")(L|#[1-5])", 7),
            new Field("the year", 1970, 2099, List.of(), "", 129));

    private static final int DAY_OF_MONTH = 3;
    private static final int DAY_OF_WEEK = 5;
    private static final int LONGEST = 120;

    private static final Pattern ITEM = Pattern.compile(
            "(?:(?<all>\\*)|(?<from>[0-9A-Z]{1,4})(?:-(?<to>[0-9A-Z]{1,4}))?)(?:/(?<step>[0-9]{1,4}))?");

    private CronForm() {}

    /**
     * One field.
     *
     * @param special what else it may be, alone
     * @param longest the largest step
     */
    private record Field(String name, int least, int most, List<String> names, String special, int longest) {

        Optional<String> fault(String text) {
            if (text.matches(special)) {
                return Optional.empty();
            }
            for (String item : text.split(",", -1)) {
                Matcher matcher = ITEM.matcher(item);
                if (!matcher.matches()
                        || (matcher.group("all") == null && !isOrdered(matcher.group("from"), matcher.group("to")))
                        || !isStep(matcher.group("step"))) {
                    return Optional.of(item);
                }
            }
            return Optional.empty();
        }

        /** A range may go round its end, 22-2, but for years. */
        private boolean isOrdered(String from, String to) {
            return isKnown(from)
                    && (to == null || isKnown(to) && (least < 1970 || Integer.parseInt(from) <= Integer.parseInt(to)));
        }

        private boolean isKnown(String text) {
            if (!text.matches("[0-9]+")) {
                return names.contains(text);
            }
            int number = Integer.parseInt(text);
            return number >= least && number <= most;
        }

        private boolean isStep(String text) {
            return text == null || Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= longest;
        }

        String range() {
            String named = names.isEmpty() ? "" : " or %s-%s".formatted(names.get(0), names.get(names.size() - 1));
            return "%d-%d%s".formatted(least, most, named);
        }
    }

    /** What is wrong with an expression: {@code must …, was …}. */
    static Optional<String> fault(String expression) {
        if (expression.length() > LONGEST) {
            return Optional.of("must have at most %d characters, had %d".formatted(LONGEST, expression.length()));
        }
        String[] texts = expression.trim().toUpperCase(Locale.ROOT).split("\\s+");
        if (texts.length < FIELDS.size() - 1 || texts.length > FIELDS.size()) {
            return Optional.of(
                    ("must have 6 or 7 fields, seconds minutes hours day-of-month month day-of-week [year], had %d:"
                                    + " '%s'")
                            .formatted(expression.isBlank() ? 0 : texts.length, YamlValue.shown(expression)));
        }
        if (texts[DAY_OF_MONTH].equals("?") == texts[DAY_OF_WEEK].equals("?")) {
            return Optional.of("must have ? either as the day of the month or as the day of the week, was '%s'"
                    .formatted(YamlValue.shown(expression)));
        }
        for (int i = 0; i < texts.length; i++) {
            boolean left = (i == DAY_OF_MONTH || i == DAY_OF_WEEK) && texts[i].equals("?");
            Field field = FIELDS.get(i);
            Optional<String> fault = left ? Optional.empty() : field.fault(texts[i]);
            if (fault.isPresent()) {
                return Optional.of("must have %s in %s, had '%s' in '%s'"
                        .formatted(
                                field.name(),
                                field.range(),
                                YamlValue.shown(fault.get()),
                                YamlValue.shown(expression)));
            }
        }
        return Optional.empty();
    }
}
