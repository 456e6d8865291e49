package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Decision;

/**
 * Percentile bootstrap interval of an estimate that draws test images again as well as units. Every network answers the same
 * images, so images are crossed with units and not nested in them: each resample has one draw of images for all networks and one of units (Owen 2007; Owen and Eckles
 * 2012). Its variance is a little too large rather than too small. Networks that were measured on different numbers of images have one draw for each number.
 */
final class CrossedBootstrap {

    static final int RESAMPLES = 2_000;

    /** How far the value of all images once may lie from the one that decides, relative to values above 1. */
    private static final double AGREEMENT = 1e-9;

    private final Units units;
    private final Decision.Type type;
    private final SortedSet<Integer> sizes = new TreeSet<>();
    private final List<UnitImages> values = new ArrayList<>();
    private final List<UnitImages> others = new ArrayList<>();

    /**
     * @param terms of all units; those of units that do not count are left aside
     * @throws IllegalStateException if a unit that counts has none, or another value by them than in {@code units}
     */
    CrossedBootstrap(Units units, Decision.Type type, List<ImageTerm> terms) {
        this.units = units;
        this.type = type;
        Map<String, List<ImageTerm>> byUnit = new HashMap<>();
        terms.forEach(term ->
                byUnit.computeIfAbsent(term.unit(), u -> new ArrayList<>()).add(term));
        for (String name : units.names()) {
            List<ImageTerm> rows = byUnit.getOrDefault(name, List.of());
            rows.forEach(row -> sizes.add(row.images()));
            values.add(images(name, rows, false));
            if (type == Decision.Type.VARIANCE) {
                others.add(images(name, rows, true));
            }
        }
        Map<Integer, ImageDraw> once = new TreeMap<>();
        sizes.forEach(size -> once.put(size, ImageDraw.once(size)));
        check(values, units.values(), once);
        check(others, units.others(), once);
    }

    private static UnitImages images(String unit, List<ImageTerm> rows, boolean isOther) {
        List<ImageTerm> own =
                rows.stream().filter(row -> row.other() == isOther).toList();
        if (own.isEmpty()) {
            throw new IllegalStateException(
                    "every unit that counts must have outcomes of images, %s has none for its %s value"
                            .formatted(unit, isOther ? "second" : "first"));
        }
        return new UnitImages(own);
    }

    private void check(List<UnitImages> images, double[] expected, Map<Integer, ImageDraw> once) {
        for (int i = 0; i < images.size(); i++) {
            double value = images.get(i).of(once);
            if (!(Math.abs(value - expected[i]) <= AGREEMENT * Math.max(1, Math.abs(expected[i])))) {
                throw new IllegalStateException(
                        "unit %s must have one value, has %s by its metrics and %s by its images"
                                .formatted(units.names().get(i), expected[i], value));
            }
        }
    }

    /** @return empty where there are fewer than two units, or for half of the draws there is no finite estimate */
    Optional<Interval> interval(double level, int resamples, long seed) {
        if (units.count() < 2) {
            return Optional.empty();
        }
        RandomGenerator random = Seeds.generator(seed);
        double[] estimates = new double[resamples];
        Arrays.setAll(estimates, b -> again(random));
        double[] ascending =
                Arrays.stream(estimates).filter(Double::isFinite).sorted().toArray();
        if (ascending.length <= resamples / 2) {
            return Optional.empty();
        }
        double tail = (1 - level) / 2;
        return Optional.of(new Interval(Bca.percentile(ascending, tail), Bca.percentile(ascending, 1 - tail)));
    }

    private double again(RandomGenerator random) {
        Map<Integer, ImageDraw> draws = new TreeMap<>();
        sizes.forEach(size -> draws.put(size, ImageDraw.again(size, random)));
        int[] drawn = new int[units.count()];
        Bca.draw(drawn, drawn.length, random);
        double[] x = drawnValues(values, drawn, draws);
        return type == Decision.Type.VARIANCE
                ? Statistic.logVarianceRatio(x, drawnValues(others, drawn, draws))
                        .of(drawn)
                : Statistic.mean(x).of(drawn);
    }

    /** By position of the unit; those that were not drawn stay zero. */
    private static double[] drawnValues(List<UnitImages> images, int[] drawn, Map<Integer, ImageDraw> draws) {
        double[] of = new double[images.size()];
        boolean[] isKnown = new boolean[of.length];
        for (int unit : drawn) {
            if (!isKnown[unit]) {
                isKnown[unit] = true;
                of[unit] = images.get(unit).of(draws);
            }
        }
        return of;
    }
}
