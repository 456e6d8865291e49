package org.basinlab.verdict;

import java.util.List;
import java.util.Map;
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
     */
    record Measured(Specification specification, Map<String, UnitTable> parts, Map<String, List<ImageTerm>> images) {}
}
