package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Claim;
import org.basinlab.study.Decision;
import org.basinlab.study.Decision.Part;
import org.basinlab.study.Decision.Sign;
import org.basinlab.study.Decision.Together;
import org.basinlab.study.Decision.Type;
import org.basinlab.study.Specification;
import org.basinlab.verdict.MeasuredClaim.Measured;

/** Claims of invented papers, and what was measured of them. */
final class ClaimsForTests {

    private ClaimsForTests() {}

    static Part part(String name, Type type, Sign sign, double margin) {
        return new Part(name, type, sign, margin, "nats");
    }

    static Part direction(double margin) {
        return part("gap", Type.DIRECTION, Sign.POSITIVE, margin);
    }

    static Decision one(Part part) {
        return new Decision(Together.ALL, List.of(part));
    }

    /** A specification that varies {@code assumption}; the primary one where that is empty. */
    static Specification specification(String name, String assumption) {
        Optional<String> varied = Optional.of(assumption).filter(text -> !text.isEmpty());
        return new Specification(name, varied, varied.map(a -> name), 4, "main", List.of(), Map.of(), Map.of());
    }

    static Claim claim(String id, int minimum, Decision decision, Specification... varied) {
        List<Specification> specifications = new ArrayList<>(List.of(specification("primary", "")));
        specifications.addAll(List.of(varied));
        return claim(id, minimum, Optional.of(decision), specifications, Optional.empty());
    }

    static Claim claim(
            String id,
            int minimum,
            Optional<Decision> decision,
            List<Specification> specifications,
            Optional<String> awaits) {
        return new Claim(
                id,
                new Claim.Publication("arXiv:0000.00000", "v1", "Of Merging", "Nobody"),
                Claim.Source.PAPER,
                "abstract",
                "one thing is larger than another",
                "their difference",
                "group of 4 disjoint networks",
                "not reported",
                minimum,
                false,
                List.of(),
                List.of(),
                List.of(),
                decision,
                specifications,
                awaits);
    }

    static UnitTable table(double... values) {
        List<UnitTable.Unit> units = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            units.add(unit(i, values[i], "ok"));
        }
        return table(units);
    }

    static UnitTable pairs(double[] values, double[] others) {
        List<UnitTable.Unit> units = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            units.add(new UnitTable.Unit(name(i), OptionalDouble.of(values[i]), OptionalDouble.of(others[i]), "ok"));
        }
        return table(units);
    }

    static UnitTable table(List<UnitTable.Unit> units) {
        return new UnitTable(units, "SELECT 1", "0".repeat(64));
    }

    static UnitTable.Unit unit(int index, double value, String status) {
        return new UnitTable.Unit(name(index), OptionalDouble.of(value), OptionalDouble.empty(), status);
    }

    static String name(int index) {
        return "main/4/%03d".formatted(index);
    }

    /** One table a specification, each for the only part of the decision; {@code planned} units. */
    static MeasuredClaim measured(Claim claim, int planned, UnitTable... tables) {
        String part = claim.decision().orElseThrow().parts().get(0).name();
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < tables.length; i++) {
            measured.add(new Measured(claim.specifications().get(i), Map.of(part, tables[i]), Map.of()));
        }
        return new MeasuredClaim(claim, planned, measured);
    }

    /** Of the primary specification, by part. */
    static MeasuredClaim measured(Claim claim, int planned, Map<String, UnitTable> parts) {
        Measured primary = new Measured(claim.primary().orElseThrow(), parts, Map.of());
        return new MeasuredClaim(claim, planned, List.of(primary));
    }
}
