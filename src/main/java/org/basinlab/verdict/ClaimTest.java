package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.study.Decision;
import org.basinlab.study.Decision.Together;

/** The parts of a claim's primary specification together: one p for the claim and one against it. */
record ClaimTest(Together together, List<PartReading> readings, List<PartTest> tests) {

    ClaimTest {
        readings = List.copyOf(readings);
        tests = List.copyOf(tests);
    }

    /** What the primary specification decides. */
    enum Finding {
        HOLDS,
        /** It holds, and an estimate is smaller than its margin. */
        HOLDS_SMALLER,
        FAILS,
        OPEN
    }

    static ClaimTest of(Decision decision, List<PartReading> readings, int flips, long seed) {
        List<PartTest> tests = new ArrayList<>();
        for (PartReading reading : readings) {
            tests.add(PartTest.of(reading, seed));
        }
        boolean isJoint = decision.together() == Together.ANY_AGAINST && readings.size() > 1;
        return new ClaimTest(decision.together(), readings, isJoint ? jointly(readings, tests, flips, seed) : tests);
    }

    /** Where one part is enough against the claim, its p is adjusted for all parts that had the chance. */
    private static List<PartTest> jointly(List<PartReading> readings, List<PartTest> tests, int flips, long seed) {
        List<String> units = readings.stream()
                .flatMap(reading -> reading.units().names().stream())
                .distinct()
                .sorted()
                .toList();
        List<double[]> numbers = new ArrayList<>();
        List<Integer> partOf = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            for (double[] opposite : PartTest.opposites(readings.get(i))) {
                numbers.add(readings.get(i).units().spread(opposite, units));
                partOf.add(i);
            }
        }
        double[] oneSided = JointFlip.greater(numbers, flips, seed);
        List<PartTest> joint = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            double least = 1;
            for (int k = 0; k < oneSided.length; k++) {
                least = partOf.get(k) == i ? Math.min(least, oneSided[k]) : least;
            }
            joint.add(tests.get(i).denied(Math.min(1, 2 * least), units.size() <= JointFlip.EXACT));
        }
        return joint;
    }

    /** Of the claim: all parts must hold, so the largest counts (Berger's intersection-union test). */
    double claimed() {
        return tests.stream().mapToDouble(PartTest::claimed).max().orElseThrow();
    }

    /** Of its opposite: the largest where all parts must fail, the smallest, adjusted for all parts, where one is enough. */
    double denied() {
        return together == Together.ANY_AGAINST
                ? leastDenied()
                : tests.stream().mapToDouble(PartTest::denied).max().orElseThrow();
    }

    private double leastDenied() {
        return tests.stream().mapToDouble(PartTest::denied).min().orElseThrow();
    }

    Finding finding(double claimedAdjusted, double deniedAdjusted) {
        if (claimedAdjusted < Alpha.LEVEL && readings.stream().allMatch(PartReading::holds)) {
            return readings.stream().allMatch(PartReading::agrees) ? Finding.HOLDS : Finding.HOLDS_SMALLER;
        }
        return deniedAdjusted < Alpha.LEVEL && fails() ? Finding.FAILS : Finding.OPEN;
    }

    private boolean fails() {
        if (together != Together.ANY_AGAINST) {
            return readings.stream().allMatch(PartReading::fails);
        }
        // Only the part whose p goes into the family may fail the claim: that of another was never compared.
        double least = leastDenied();
        for (int i = 0; i < tests.size(); i++) {
            if (tests.get(i).denied() == least && readings.get(i).fails()) {
                return true;
            }
        }
        return false;
    }
}
