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

/** Runs the SQL of a verdict again: it must give the same rows, to the last bit, and the same estimate. */
final class Recheck {

    private static final int SHOWN_OF_A_DIGEST = 12;

    private Recheck() {}

    /** One sentence for each number that does not come out again. */
    static List<String> errors(DataSource database, StudyClaim registered, Conclusion verdict) {
        List<String> errors = new ArrayList<>();
        try (ClaimReading reading = ClaimReading.open(database, registered.studyId())) {
            for (Conclusion.Part part : verdict.parts()) {
                String what = "claim %s, part %s".formatted(verdict.claim(), part.name());
                UnitTable units = reading.units(what, part.sql());
                error(what, part, units, type(registered, part)).ifPresent(errors::add);
            }
        } catch (ClaimQueryException e) {
            errors.add("the numbers of the verdict cannot be read again: " + e.getMessage());
        }
        return errors;
    }

    private static Optional<String> error(String what, Conclusion.Part part, UnitTable units, Decision.Type type) {
        double computed = Units.of(units, type, 0).estimate(type);
        double now = Double.isFinite(computed) ? computed : Double.NaN;
        double then = part.estimate().orElse(Double.NaN);
        if (units.digest().equals(part.digest()) && Double.compare(now, then) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                "%s: its SQL must give the rows that the verdict was made of, it gives others: SHA-256 %s then, %s now; estimate %s then, %s now"
                        .formatted(what, shown(part.digest()), shown(units.digest()), then, now));
    }

    private static Decision.Type type(StudyClaim registered, Conclusion.Part part) {
        return registered.claim().decision().stream()
                .flatMap(decision -> decision.parts().stream())
                .filter(one -> one.name().equals(part.name()))
                .map(Decision.Part::type)
                .findFirst()
                .orElseThrow(() -> new ClaimQueryException("claim %s has no part %s, its verdict has one"
                        .formatted(registered.claim().id(), part.name())));
    }

    private static String shown(String digest) {
        return digest.substring(0, Math.min(SHOWN_OF_A_DIGEST, digest.length()));
    }
}
