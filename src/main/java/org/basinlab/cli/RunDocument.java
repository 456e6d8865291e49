package org.basinlab.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.basinlab.ledger.ResultRow;
import org.basinlab.ledger.StudyView;
import org.basinlab.verdict.ClaimLine;
import org.jspecify.annotations.Nullable;

/** What {@code run --json} and {@code study --json} print; the names are a contract. */
record RunDocument(
        String study,
        UUID id,
        String state,
        double seconds,
        Map<String, Integer> tasks,
        int reused,
        List<Metric> metrics,
        List<Claim> claims,
        String database) {

    static RunDocument of(
            StudyView study, List<ResultRow> rows, List<ClaimLine> claims, Duration wall, String database) {
        return new RunDocument(
                study.name(),
                study.id(),
                study.state(),
                wall.toMillis() / 1000.0,
                study.tasksByState(),
                study.reused(),
                rows.stream().map(Metric::of).toList(),
                claims.stream().map(Claim::of).toList(),
                database);
    }

    /**
     * How a claim stands by this study; null where there is no value.
     *
     * @param verdict the one word, with the assumption where it depends on one
     * @param exploratory why it confirms nothing; null where it does
     * @param measured the first of its numbers, with the interval over units
     * @param n units that count, of those {@code planned}
     * @param p adjusted, of the side that the verdict takes
     */
    record Claim(
            String id,
            String verdict,
            @Nullable String exploratory,
            @Nullable Double measured,
            @Nullable Double low,
            @Nullable Double high,
            int n,
            int planned,
            @Nullable Double p) {

        static Claim of(ClaimLine line) {
            return new Claim(
                    line.id(),
                    line.verdict(),
                    line.exploratory().orElse(null),
                    line.measured().orElse(null),
                    line.low().orElse(null),
                    line.high().orElse(null),
                    line.n(),
                    line.planned(),
                    line.p().orElse(null));
        }
    }

    /**
     * One line of the table; null where there is no value.
     *
     * @param excluded values that are in no mean: those that are no numbers, and {@code checkFailed}
     */
    record Metric(
            String scheme,
            @Nullable Integer stage,
            int groupSize,
            String arm,
            String variant,
            String metric,
            @Nullable String space,
            @Nullable BigDecimal at,
            @Nullable String split,
            @Nullable Double mean,
            @Nullable Double sd,
            int n,
            int excluded,
            int checkFailed) {

        static Metric of(ResultRow row) {
            return new Metric(
                    row.scheme(),
                    row.stage().isPresent() ? row.stage().getAsInt() : null,
                    row.groupSize(),
                    row.arm(),
                    row.variant(),
                    row.metric(),
                    row.space().orElse(null),
                    row.at().orElse(null),
                    row.split().orElse(null),
                    row.mean().orElse(null),
                    row.sd().orElse(null),
                    row.n(),
                    row.excluded(),
                    row.checkFailed());
        }
    }
}
