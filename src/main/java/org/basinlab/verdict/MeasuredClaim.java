package org.basinlab.verdict;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Claim;
import org.basinlab.study.Specification;

/**
 * A claim and what one study measured of it.
 *
 * @param planned units of the primary specification by the study's plan: the registered n
 * @param specifications in the order of the claim; one that the study does not measure has no parts
 */
record MeasuredClaim(Claim claim, int planned, List<Measured> specifications) {

    MeasuredClaim {
        specifications = List.copyOf(specifications);
    }

    /**
     * @param parts units by the name of the decision's part
     * @param images by the same, for the primary specification
     * @param fault why the numbers of a part cannot be computed from what was measured; there are no parts then
     */
    record Measured(
            Specification specification,
            Map<String, UnitTable> parts,
            Map<String, List<ImageTerm>> images,
            Optional<String> fault) {

        Measured(Specification specification, Map<String, UnitTable> parts, Map<String, List<ImageTerm>> images) {
            this(specification, parts, images, Optional.empty());
        }

        /** One that says nothing: because nothing was measured, or for the reason given. */
        static Measured without(Specification specification, Optional<String> fault) {
            return new Measured(specification, Map.of(), Map.of(), fault);
        }
    }

    /** Why the numbers that decide cannot be computed; absent where they can. */
    Optional<String> fault() {
        return specifications.stream().findFirst().flatMap(Measured::fault);
    }
}
