package org.basinlab.verdict;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** Without leading zeros: one group has one name. */
    private static final String INDEX = "(0|[1-9][0-9]{0,8})";

    private static final Pattern GROUP = Pattern.compile("([^/]+)/([1-9][0-9]{0,8})/" + INDEX);

    /**
     * @throws ClaimQueryException if a unit comes twice, is no group, or two share a trained network. Of groups that came to nothing
     *     nobody knows of what they are made: they may be no units that count
     */
    void require(String what, Specification specification, UnitTable table) {
        Set<String> seen = new HashSet<>();
        Map<String, String> unitOf = new HashMap<>();
        for (UnitTable.Unit unit : table.units()) {
            if (!seen.add(unit.name())) {
                throw refused("%s: every unit must come once, %s comes twice".formatted(what, unit.name()));
            }
            Set<String> own = leavesOf(group(what, specification, unit.name()));
            if (own.isEmpty() && unit.isOk()) {
                throw refused("%s: a unit must be a group of networks of this study, '%s' is none"
                        .formatted(what, unit.name()));
            }
            for (String leaf : own) {
                String other = unitOf.put(leaf, unit.name());
                if (other != null) {
                    throw refused(
                            "%s: units must be disjoint groups of networks, %s and %s share the trained network %s"
                                    .formatted(what, other, unit.name(), leaf));
                }
            }
        }
    }

    /** Of a group that was never merged whole those of its largest parts: a unit of lower stages is named after its tree. */
    private Set<String> leavesOf(String group) {
        Set<String> own = leaves.get(group);
        if (own != null) {
            return own;
        }
        Matcher whole = parsed(group);
        long size = Long.parseLong(whole.group(2));
        NavigableMap<Long, Set<String>> parts = new TreeMap<>();
        leaves.forEach((name, some) -> {
            Matcher part = parsed(name);
            long partSize = Long.parseLong(part.group(2));
            boolean isWithin = part.group(1).equals(whole.group(1))
                    && partSize < size
                    && Long.parseLong(part.group(3)) * partSize / size == Long.parseLong(whole.group(3));
            if (isWithin) {
                parts.computeIfAbsent(partSize, key -> new HashSet<>()).addAll(some);
            }
        });
        return parts.isEmpty() ? Set.of() : parts.lastEntry().getValue();
    }

    private static Matcher parsed(String group) {
        Matcher parsed = GROUP.matcher(group);
        if (!parsed.matches()) {
            throw new IllegalStateException("a group must be named arm/size/group, was '%s'".formatted(group));
        }
        return parsed;
    }

    private static String group(String what, Specification specification, String unit) {
        if (unit.matches(INDEX)) {
            return "%s/%d/%s".formatted(specification.arm(), specification.groupSize(), unit);
        }
        if (!GROUP.matcher(unit).matches()) {
            throw refused("%s: a unit must be named arm/size/group, or by a number, was '%s'".formatted(what, unit));
        }
        return unit;
    }

    private static ClaimQueryException refused(String message) {
        return new ClaimQueryException(ClaimQueryException.Fault.ROWS, message);
    }
}
