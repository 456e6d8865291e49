package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.ClaimReading;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Decision;
import org.basinlab.workflow.Conclusion;

/** Runs the SQL of a verdict again, which must be the one that was registered: it must give the same rows and the same estimate, up to the last bits, in which machines differ. */
final class Recheck {

    private static final int SHOWN_OF_A_DIGEST = 12;
    private static final double CLOSE = 1e-9;

    private Recheck() {}

    /** One sentence for each number that does not come out again. */
    static List<String> errors(DataSource database, StudyClaim registered, Conclusion verdict) {
        List<String> errors = new ArrayList<>();
        try (ClaimReading reading = open(database, registered)) {
            for (Conclusion.Part part : verdict.parts()) {
                String what = "claim %s, part %s".formatted(verdict.claim(), part.name());
                if (!part.sql().equals(registered(what, registered, part, reading))) {
                    errors.add("%s: the SQL of the verdict must be the one that the study registered, it is another"
                            .formatted(what));
                    continue;
                }
                UnitTable units = reading.units(what, part.sql());
                error(what, part, units, type(registered, part)).ifPresent(errors::add);
            }
        } catch (ClaimQueryException e) {
            errors.add("the numbers of the verdict cannot be read again: " + e.getMessage());
        }
        return errors;
    }

    /** What was measured after the verdict was no part of it: an extension, or what was tried again. */
    private static ClaimReading open(DataSource database, StudyClaim registered) {
        return registered
                .issuedAt()
                .map(issued -> ClaimReading.openAsOf(database, registered.studyId(), issued))
                .orElseGet(() -> ClaimReading.open(database, registered.studyId()));
    }

    private static String registered(String what, StudyClaim registered, Conclusion.Part part, ClaimReading reading) {
        return registered
                .claim()
                .primary()
                .flatMap(primary -> Optional.ofNullable(primary.queries().get(part.name())))
                .map(reading::sql)
                .orElseThrow(() -> new ClaimQueryException(
                        ClaimQueryException.Fault.ROWS, "%s: the claim has no such part".formatted(what)));
    }

    private static Optional<String> error(String what, Conclusion.Part part, UnitTable units, Decision.Type type) {
        double computed = Units.of(units, type, Units.Expected.UNKNOWN).estimate(type);
        double now = Double.isFinite(computed) ? computed : Double.NaN;
        double then = part.estimate().orElse(Double.NaN);
        if (units.digest().equals(part.digest()) && isSame(now, then)) {
            return Optional.empty();
        }
        return Optional.of(
                "%s: its SQL must give the rows that the verdict was made of, it gives others: SHA-256 %s then, %s now; estimate %s then, %s now"
                        .formatted(what, shown(part.digest()), shown(units.digest()), then, now));
    }

    private static boolean isSame(double now, double then) {
        return Double.compare(now, then) == 0 || Math.abs(now - then) <= CLOSE * Math.max(1, Math.abs(then));
    }

    private static Decision.Type type(StudyClaim registered, Conclusion.Part part) {
        return registered.claim().decision().stream()
                .flatMap(decision -> decision.parts().stream())
                .filter(one -> one.name().equals(part.name()))
                .map(Decision.Part::type)
                .findFirst()
                .orElseThrow(() -> new ClaimQueryException(
                        ClaimQueryException.Fault.ROWS,
                        "claim %s has no part %s, its verdict has one"
                                .formatted(registered.claim().id(), part.name())));
    }

    private static String shown(String digest) {
        return digest.substring(0, Math.min(SHOWN_OF_A_DIGEST, digest.length()));
    }
}
