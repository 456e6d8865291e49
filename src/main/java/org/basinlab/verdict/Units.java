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

    /** Of names that differ in a number at their end. */
    private static final Comparator<UnitTable.Unit> BY_NUMBER = Comparator.<UnitTable.Unit>comparingInt(
                    unit -> unit.name().length())
            .thenComparing(UnitTable.Unit::name);

    /** Why a unit does not count that the query did not give at all. */
    private static final String FAILED = "failed";

    /**
     * How many units there should be.
     *
     * @param units by the plan; 0 where that is not known
     * @param isOver whether those that are missing have failed
     */
    record Expected(int units, boolean isOver) {

        static final Expected UNKNOWN = new Expected(0, false);
    }

    /**
     * Where the arms of a claim have unequal numbers of networks a query may name groups that only one of them has: of units that do not
     * count, those beyond the expected number are left out, the last ones first.
     *
     * @throws IllegalStateException if two units have one name: they would count as independent
     */
    static Units of(UnitTable table, Decision.Type type, Expected expected) {
        boolean isPaired = type == Decision.Type.VARIANCE;
        List<UnitTable.Unit> counted = new ArrayList<>();
        List<UnitTable.Unit> others = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (UnitTable.Unit unit : table.units()) {
            if (!seen.add(unit.name())) {
                throw new IllegalStateException(
                        "a unit must stand in a table once, %s stands there twice".formatted(unit.name()));
            }
            (status(unit, isPaired).equals("ok") ? counted : others).add(unit);
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
                excluded(others, isPaired, counted.size(), expected));
    }

    private static Map<String, Integer> excluded(
            List<UnitTable.Unit> others, boolean isPaired, int counted, Expected expected) {
        int room = expected.units() == 0 ? others.size() : Math.max(0, expected.units() - counted);
        Map<String, Integer> excluded = new TreeMap<>();
        others.stream()
                .sorted(BY_NUMBER)
                .limit(room)
                .forEach(unit -> excluded.merge(status(unit, isPaired), 1, Integer::sum));
        if (expected.isOver() && others.size() < room) {
            excluded.merge(FAILED, room - others.size(), Integer::sum);
        }
        return excluded;
    }

    private static String status(UnitTable.Unit unit, boolean isPaired) {
        if (!unit.isOk()) {
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
