package org.basinlab.verdict;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Specification;

/**
 * Whether units are independent observations: no trained network is part of two of them. A unit is named after its group of networks,
 * {@code arm/size/group}, or by the number of the group alone, which then is one of the specification's arm and size.
 *
 * @param leaves SHA-256 of the trained networks of every group, by its name
 */
record Independence(Map<String, Set<String>> leaves) {

    private static final String GROUP = "[^/]+/[0-9]+/[0-9]+";
    private static final String INDEX = "[0-9]+";

    /** @throws ClaimQueryException if a unit comes twice, is no group, or two share a trained network */
    void require(String what, Specification specification, UnitTable table) {
        Set<String> seen = new HashSet<>();
        Map<String, String> unitOf = new HashMap<>();
        for (UnitTable.Unit unit : table.units()) {
            if (!seen.add(unit.name())) {
                throw new ClaimQueryException(
                        "%s: every unit must come once, %s comes twice".formatted(what, unit.name()));
            }
            for (String leaf : leaves.getOrDefault(group(what, specification, unit.name()), Set.of())) {
                String other = unitOf.put(leaf, unit.name());
                if (other != null) {
                    throw new ClaimQueryException(
                            "%s: units must be disjoint groups of networks, %s and %s share the trained network %s"
                                    .formatted(what, other, unit.name(), leaf));
                }
            }
        }
    }

    private static String group(String what, Specification specification, String unit) {
        if (unit.matches(INDEX)) {
            return "%s/%d/%s".formatted(specification.arm(), specification.groupSize(), unit);
        }
        if (!unit.matches(GROUP)) {
            throw new ClaimQueryException(
                    "%s: a unit must be named arm/size/group, or by a number, was '%s'".formatted(what, unit));
        }
        return unit;
    }
}
