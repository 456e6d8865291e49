package org.basinlab.workflow;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a study says of one claim.
 *
 * @param claim its id
 * @param outcome the one word
 * @param assumption for {@code DEPENDS}: on what
 * @param reason one sentence, with the numbers that led there
 * @param parts by the primary specification, in the order of the claim's decision
 * @param family how many claims p was adjusted for
 * @param specifications the curve, the primary one first
 */
public record Conclusion(
        String claim,
        Outcome outcome,
        @JsonInclude(NON_ABSENT) Optional<String> assumption,
        String reason,
        List<Part> parts,
        int family,
        List<Reading> specifications) {

    public Conclusion {
        parts = List.copyOf(parts);
        specifications = List.copyOf(specifications);
    }

    /** How a claim stands. */
    public enum Outcome {
        /** Before its units are in; it has no p. */
        PROVISIONAL("provisional"),
        NOT_RUN("not run"),
        REPRODUCED("reproduced"),
        SMALLER("smaller than the margin"),
        CONTRADICTED("contradicted"),
        DEPENDS("depends on"),
        INCONCLUSIVE("inconclusive"),
        NOT_TESTABLE("not testable as stated");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        @JsonValue
        public String label() {
            return label;
        }

        /** Whether it is a verdict, issued once. */
        public boolean isIssued() {
            return this != PROVISIONAL && this != NOT_RUN;
        }
    }

    /**
     * One number of the primary specification.
     *
     * @param name as in the claim's decision
     * @param estimate mean over units, or log ratio of variances
     * @param low of the interval over units that decides; absent where there are fewer than two units
     * @param level of that interval, 0.95
     * @param imageLow of the interval that draws images again as well; absent where no outcomes of images stand behind it
     * @param n units that count
     * @param excluded units that do not, by reason
     * @param p of the claim's side, two-sided, as its type has it; absent in a provisional conclusion
     * @param adjusted the claim's p on that side, by Holm
     * @param against p of the other side
     * @param exact whether all sign-flips were counted, and not a sample of them
     * @param detectable the smallest effect that would have been found with a power of 0.8; of a barrier its distance from the
     *     margin, of an equivalence or a shape the smallest margin that the interval fits in. Absent in a provisional conclusion, and
     *     where there are fewer than two units
     * @param sql that gave the units, complete
     * @param digest SHA-256 of the rows that it gave
     */
    public record Part(
            String name,
            @JsonInclude(NON_ABSENT) Optional<Double> estimate,
            @JsonInclude(NON_ABSENT) Optional<Double> low,
            @JsonInclude(NON_ABSENT) Optional<Double> high,
            double level,
            @JsonInclude(NON_ABSENT) Optional<Double> imageLow,
            @JsonInclude(NON_ABSENT) Optional<Double> imageHigh,
            int n,
            Map<String, Integer> excluded,
            @JsonInclude(NON_ABSENT) Optional<Double> p,
            @JsonInclude(NON_ABSENT) Optional<Double> adjusted,
            @JsonInclude(NON_ABSENT) Optional<Double> against,
            @JsonInclude(NON_ABSENT) Optional<Double> againstAdjusted,
            boolean exact,
            @JsonInclude(NON_ABSENT) Optional<Double> detectable,
            String sql,
            String digest) {}

    /** Where a specification lies. */
    public enum Side {
        FOR,
        AGAINST,
        /** Neither: on the claim's side and smaller than the margin, or with parts on different sides of which one is not enough. */
        BETWEEN,
        NOT_MEASURED;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * One point of the specification curve.
     *
     * @param assumption which one it varies; absent for the primary
     * @param control whether it answers a confound: it is no point of the curve, and agrees with nothing
     * @param estimates by part
     * @param n the least over its parts
     * @param fault why its numbers cannot be computed from what was measured; absent where they can, or nothing was
     */
    public record Reading(
            String name,
            @JsonInclude(NON_ABSENT) Optional<String> assumption,
            @JsonInclude(NON_ABSENT) Optional<String> value,
            boolean control,
            Map<String, Estimate> estimates,
            int n,
            Side side,
            @JsonInclude(NON_ABSENT) Optional<String> fault) {

        /** A point of the curve. */
        public Reading(
                String name,
                Optional<String> assumption,
                Optional<String> value,
                Map<String, Estimate> estimates,
                int n,
                Side side) {
            this(name, assumption, value, false, estimates, n, side, Optional.empty());
        }
    }

    /** An estimate with its interval, which is absent where there are fewer than two units. */
    public record Estimate(
            double value,
            @JsonInclude(NON_ABSENT) Optional<Double> low,
            @JsonInclude(NON_ABSENT) Optional<Double> high) {}
}
