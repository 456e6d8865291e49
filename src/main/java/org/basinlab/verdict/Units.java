package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.basinlab.ledger.UnitTable;
import org.basinlab.study.Decision;

/**
 * Those units of a table that count, in the order of their names, so that what is computed of them does not depend on the order of rows.
 *
 * @param others second values, of a variance only; else empty
 * @param excluded units that do not count, by reason
 */
@SuppressWarnings("ArrayRecordComponent") // stays in the room, nobody writes to it
record Units(List<String> names, double[] values, double[] others, Map<String, Integer> excluded) {

    /** Why a unit does not count that the query did not give at all. */
    private static final String FAILED = "failed";

    /**
     * @param expected how many there should be: those that are missing count as failed
     * @throws IllegalStateException if two units have one name: they would count as independent
     */
    static Units of(UnitTable table, Decision.Type type, int expected) {
        boolean isPaired = type == Decision.Type.VARIANCE;
        List<UnitTable.Unit> counted = new ArrayList<>();
        Map<String, Integer> excluded = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (UnitTable.Unit unit : table.units()) {
            if (!seen.add(unit.name())) {
                throw new IllegalStateException(
                        "a unit must stand in a table once, %s stands there twice".formatted(unit.name()));
            }
            String status = status(unit, isPaired);
            if (status.equals("ok")) {
                counted.add(unit);
            } else {
                excluded.merge(status, 1, Integer::sum);
            }
        }
        if (seen.size() < expected) {
            excluded.merge(FAILED, expected - seen.size(), Integer::sum);
        }
        counted.sort(Comparator.comparing(UnitTable.Unit::name));
        return new Units(
                counted.stream().map(UnitTable.Unit::name).toList(),
                counted.stream().mapToDouble(unit -> unit.value().orElseThrow()).toArray(),
                isPaired
                        ? counted.stream()
                                .mapToDouble(unit -> unit.other().orElseThrow())
                                .toArray()
                        : new double[0],
                excluded);
    }

    private static String status(UnitTable.Unit unit, boolean isPaired) {
        if (!unit.status().equals("ok")) {
            return unit.status();
        }
        if (unit.value().isEmpty() || (isPaired && unit.other().isEmpty())) {
            return "no value";
        }
        boolean isFinite = Double.isFinite(unit.value().getAsDouble())
                && (!isPaired || Double.isFinite(unit.other().getAsDouble()));
        return isFinite ? "ok" : "nan";
    }

    int count() {
        return values.length;
    }

    /** {@code x}, one value for each of these units, in the places of {@code all}; 0 elsewhere. */
    double[] spread(double[] x, List<String> all) {
        double[] spread = new double[all.size()];
        for (int i = 0; i < x.length; i++) {
            spread[all.indexOf(names.get(i))] = x[i];
        }
        return spread;
    }

    /** What the estimate is as a function of the units drawn. */
    Statistic statistic(Decision.Type type) {
        return type == Decision.Type.VARIANCE ? Statistic.logVarianceRatio(values, others) : Statistic.mean(values);
    }

    /** The estimate; NaN where there are too few units for it. */
    double estimate(Decision.Type type) {
        int[] all = new int[count()];
        Arrays.setAll(all, i -> i);
        return all.length == 0 ? Double.NaN : statistic(type).of(all);
    }
}
