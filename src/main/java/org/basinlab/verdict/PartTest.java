package org.basinlab.verdict;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.descriptive.Median;
import org.basinlab.study.Decision;

/**
 * The p of one part, of what the claim says and of its opposite: how likely units like these are where it is not so. Each p is that of a two-sided test,
 * twice a one-sided one, whatever the type: sign-flips are exact where units are as likely above their mean as below it, and half of 5 % a side leaves
 * room for the tails that they have in truth (docs/decisions/0008).
 *
 * @param p as its type has it
 * @param against of the opposite
 * @param claimed p where the tested mean lies on the claim's side, else 1: a difference far on the other side has a small two-sided p as well
 * @param denied the same of the opposite
 * @param isExact whether all sign-flips were counted
 */
record PartTest(double p, double against, double claimed, double denied, boolean isExact) {

    static PartTest of(PartReading reading, long seed) {
        Decision.Part part = reading.part();
        double[] x = reading.units().values();
        return switch (part.type()) {
            case DIRECTION, TREND -> twoSided(oriented(x, part), seed);
            case VARIANCE -> twoSided(oriented(spreads(reading.units()), part), seed);
            case EQUIVALENCE, SHAPE ->
                part.sign() == Decision.Sign.NONE
                        ? equivalence(x, part.margin(), seed)
                        : barrier(oriented(x, part), -part.margin(), seed);
            case BARRIER -> barrier(x, part.margin(), seed);
        };
    }

    /** Numbers whose mean is above zero where the opposite of the claim is so; of an equivalence two, of which one is enough. */
    static List<double[]> opposites(PartReading reading) {
        Decision.Part part = reading.part();
        double[] x = reading.units().values();
        return switch (part.type()) {
            case DIRECTION, TREND -> List.of(shifted(oriented(x, part), 0, -1));
            case VARIANCE -> List.of(shifted(oriented(spreads(reading.units()), part), 0, -1));
            case EQUIVALENCE, SHAPE ->
                part.sign() == Decision.Sign.NONE
                        ? List.of(shifted(x, part.margin(), 1), shifted(x, -part.margin(), -1))
                        : List.of(shifted(oriented(x, part), -part.margin(), -1));
            case BARRIER -> List.of(shifted(x, part.margin(), -1));
        };
    }

    /** The same with another p of the opposite for the family. */
    PartTest denied(double adjusted, boolean allCounted) {
        return new PartTest(p, against, claimed, adjusted, isExact && allCounted);
    }

    private static double[] oriented(double[] x, Decision.Part part) {
        return Arrays.stream(x).map(value -> part.sign().factor() * value).toArray();
    }

    /** Within each unit |x − median x| − |y − median y|: Brown and Forsythe's distances, paired. */
    private static double[] spreads(Units units) {
        double medianX = Median.withDefaults().evaluate(units.values());
        double medianY = Median.withDefaults().evaluate(units.others());
        double[] spreads = new double[units.count()];
        for (int i = 0; i < spreads.length; i++) {
            spreads[i] = Math.abs(units.values()[i] - medianX) - Math.abs(units.others()[i] - medianY);
        }
        return spreads;
    }

    private static PartTest twoSided(double[] x, long seed) {
        SignFlip.P p = SignFlip.twoSided(x, seed);
        double sum = Arrays.stream(x).sum();
        return new PartTest(p.value(), p.value(), sum > 0 ? p.value() : 1, sum < 0 ? p.value() : 1, p.isExact());
    }

    private static PartTest barrier(double[] x, double margin, long seed) {
        SignFlip.P above = SignFlip.greater(shifted(x, margin, 1), seed);
        SignFlip.P below = SignFlip.greater(shifted(x, margin, -1), seed);
        return doubled(above.value(), below.value(), above.isExact());
    }

    private static PartTest equivalence(double[] x, double margin, long seed) {
        double belowUpper = SignFlip.greater(shifted(x, margin, -1), seed).value();
        double aboveLower = SignFlip.greater(shifted(x, -margin, 1), seed).value();
        SignFlip.P aboveUpper = SignFlip.greater(shifted(x, margin, 1), seed);
        double belowLower = SignFlip.greater(shifted(x, -margin, -1), seed).value();
        return doubled(
                Math.max(belowUpper, aboveLower), Math.min(aboveUpper.value(), belowLower), aboveUpper.isExact());
    }

    private static PartTest doubled(double oneSided, double oneSidedAgainst, boolean isExact) {
        double p = Math.min(1, 2 * oneSided);
        double against = Math.min(1, 2 * oneSidedAgainst);
        return new PartTest(p, against, p, against, isExact);
    }

    /** {@code sign · (x − bound)} */
    private static double[] shifted(double[] x, double bound, int sign) {
        return Arrays.stream(x).map(value -> sign * (value - bound)).toArray();
    }
}
