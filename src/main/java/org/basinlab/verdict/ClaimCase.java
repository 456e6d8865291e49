package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Claim;
import org.basinlab.verdict.ClaimTest.Finding;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.Conclusion.Outcome;

/**
 * One claim on its way to a conclusion: what its specifications read, and the test of the primary one where the time for it has come.
 *
 * @param parts what the primary specification reads, in the order of the decision; empty where it is not measured
 * @param tables where {@code parts} come from
 * @param images the intervals that draw images again, by part
 * @param test absent where nothing may be decided
 */
record ClaimCase(
        MeasuredClaim measured,
        Standing standing,
        Curve curve,
        List<PartReading> parts,
        List<UnitTable> tables,
        Map<String, Interval> images,
        Optional<ClaimTest> test) {

    /** p of the claim as it goes into the family; 1 where there is none. */
    double claimed() {
        return test.map(ClaimTest::claimed).orElse(1.0);
    }

    /** p against the claim as it goes into the family; 1 where there is none. */
    double denied() {
        return test.map(ClaimTest::denied).orElse(1.0);
    }

    Conclusion conclude(double claimed, double denied, int family) {
        Wording wording = new Wording(this, claimed, denied, family);
        List<Conclusion.Part> written = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            written.add(part(i, claimed, denied, family));
        }
        Finding finding = test.map(t -> t.finding(claimed, denied)).orElse(Finding.OPEN);
        Outcome outcome = outcome(finding);
        Optional<String> assumption = outcome == Outcome.DEPENDS ? curve.explanation(finding) : Optional.empty();
        return new Conclusion(
                measured.claim().id(),
                outcome,
                assumption,
                wording.reason(outcome, finding),
                written,
                family,
                curve.readings());
    }

    private Outcome outcome(Finding finding) {
        Claim claim = measured.claim();
        if (claim.awaits().isPresent()) {
            return Outcome.NOT_RUN;
        }
        if (claim.decision().isEmpty()) {
            return Outcome.NOT_TESTABLE;
        }
        if (parts.isEmpty() && measured.fault().isEmpty()) {
            return Outcome.NOT_RUN;
        }
        if (!standing.isJudged() || isTooSmall()) {
            return Outcome.PROVISIONAL;
        }
        if (finding == Finding.OPEN) {
            return Outcome.INCONCLUSIVE;
        }
        if (curve.carries(finding)) {
            return switch (finding) {
                case HOLDS -> Outcome.REPRODUCED;
                case HOLDS_SMALLER -> Outcome.SMALLER;
                case FAILS -> Outcome.CONTRADICTED;
                case OPEN -> Outcome.INCONCLUSIVE;
            };
        }
        return curve.explanation(finding).isPresent() ? Outcome.DEPENDS : Outcome.INCONCLUSIVE;
    }

    /** Whether the study was planned too small ever to decide it. */
    boolean isTooSmall() {
        return measured.planned() < measured.claim().minimum();
    }

    private Conclusion.Part part(int i, double claimed, double denied, int family) {
        PartReading reading = parts.get(i);
        Optional<PartTest> own = test.map(t -> t.tests().get(i));
        Optional<Interval> image = Optional.ofNullable(images.get(reading.part().name()));
        return new Conclusion.Part(
                reading.part().name(),
                boxed(reading.estimate()),
                reading.interval().map(Interval::low),
                reading.interval().map(Interval::high),
                PartReading.LEVEL,
                image.map(Interval::low),
                image.map(Interval::high),
                reading.units().count(),
                reading.units().excluded(),
                own.map(PartTest::p),
                own.map(t -> claimed),
                own.map(PartTest::against),
                own.map(t -> denied),
                own.map(PartTest::isExact).orElse(false),
                standing.isJudged() ? boxed(reading.detectable(family)) : Optional.empty(),
                tables.get(i).sql(),
                tables.get(i).digest());
    }

    private static Optional<Double> boxed(OptionalDouble value) {
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }
}
