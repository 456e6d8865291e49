package org.basinlab.verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.Contrasts;
import org.basinlab.ledger.Listings;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Arm;
import org.basinlab.study.Study;

/**
 * Splits what merging costs by the factors of a study. Of every arm its tree and its first MergeMany count. The effect of a
 * factor's value is the difference between arms that differ in it alone, averaged over all such pairs of arms: where factors are
 * crossed a main effect, where one is varied alone its effect at the study's own settings. Units are groups of leaves; equal
 * stores give equal intervals.
 */
public final class Effects {

    private static final double LEVEL = 0.95;
    private static final String DROP = "merge-minus-leaves";
    private static final String GAP = "hierarchical-minus-merge-many";
    private static final String ARM = "arm";

    private final Study study;
    private final Map<String, List<Long>> leaves;

    /** By arm and kind of outcome, the values of the groups; those that do not count have none. */
    private final Map<String, Map<Kind, Map<Integer, Optional<Double>>>> values = new HashMap<>();

    private record Kind(String contrast, int size) {}

    /** One value of one factor. */
    private record Level(String factor, String value) {}

    /** Two arms that differ in one setting. */
    private record Pair(String with, String without) {}

    private Effects(Study study, List<Contrasts.Row> rows, Map<String, List<Long>> leaves) {
        this.study = study;
        this.leaves = leaves;
        Map<String, Arm> arms = new HashMap<>();
        study.arms().forEach(arm -> arms.put(arm.name(), arm));
        for (Contrasts.Row row : rows) {
            Arm arm = arms.get(row.arm());
            if (arm != null && counts(row, arm)) {
                values.computeIfAbsent(row.arm(), name -> new HashMap<>())
                        .computeIfAbsent(new Kind(row.contrast(), row.groupSize()), kind -> new TreeMap<>())
                        .put(row.groupId(), row.value());
            }
        }
    }

    /**
     * By what the store holds of a study now.
     *
     * @throws IllegalArgumentException if there is no such study
     * @throws IllegalStateException if the store cannot be read
     */
    public static EffectTable of(DataSource database, UUID study) {
        Study planned = new Listings(database)
                .findPlanned(study)
                .orElseThrow(() -> new IllegalArgumentException("no study has the id " + study))
                .study();
        Contrasts contrasts = new Contrasts(database);
        return of(planned, contrasts.rows(study), contrasts.leaves(study));
    }

    /** @param leaves by arm the seeds of its leaves in its order */
    static EffectTable of(Study study, List<Contrasts.Row> rows, Map<String, List<Long>> leaves) {
        return new Effects(study, rows, leaves).table();
    }

    private static boolean counts(Contrasts.Row row, Arm arm) {
        boolean ofTree = row.scheme().equals("hierarchical")
                && arm.tree().map(MergeScheme::variant).equals(Optional.of(row.variant()));
        return ofTree
                && (row.against().isEmpty()
                        || arm.mergeMany().map(MergeScheme::variant).equals(row.against()));
    }

    private EffectTable table() {
        Map<Level, List<Pair>> levels = levels();
        List<EffectTable.Outcome> outcomes = new ArrayList<>();
        for (String contrast : List.of(DROP, GAP)) {
            for (int size : sizes(contrast)) {
                Kind kind = new Kind(contrast, size);
                List<EffectTable.Effect> effects = new ArrayList<>();
                levels.forEach((level, pairs) -> effect(kind, level, pairs).ifPresent(effects::add));
                double[] own = known(groups(kind, Arm.MAIN).values());
                outcomes.add(new EffectTable.Outcome(
                        contrast, size, estimate(own, seed(kind, new Level(ARM, Arm.MAIN))), effects));
            }
        }
        return new EffectTable(outcomes);
    }

    private Set<Integer> sizes(String contrast) {
        Set<Integer> sizes = new TreeSet<>();
        values.values()
                .forEach(kinds -> kinds.keySet().stream()
                        .filter(kind -> kind.contrast.equals(contrast))
                        .forEach(kind -> sizes.add(kind.size)));
        return sizes;
    }

    /** In the order of the study, the pairs of arms that tell of each value. */
    private Map<Level, List<Pair>> levels() {
        Map<Set<Level>, String> byLevels = new LinkedHashMap<>();
        Map<Level, List<Pair>> pairs = new LinkedHashMap<>();
        study.arms().stream()
                .filter(arm -> arm.name().equals(Arm.MAIN) || arm.isOfFactors())
                .map(Arm::name)
                .forEach(name -> byLevels.put(levels(name), name));
        byLevels.forEach((levels, name) -> levels.forEach(level -> {
            Set<Level> others = new LinkedHashSet<>(levels);
            others.remove(level);
            Optional.ofNullable(byLevels.get(others))
                    .ifPresent(without -> pairs.computeIfAbsent(level, one -> new ArrayList<>())
                            .add(new Pair(name, without)));
        }));
        study.arms().stream()
                .filter(arm -> !arm.name().equals(Arm.MAIN) && !arm.isOfFactors())
                .map(Arm::name)
                .forEach(name -> pairs.put(new Level(ARM, name), List.of(new Pair(name, Arm.MAIN))));
        return pairs;
    }

    /** Those of an arm that factors made; none of the study's own. */
    private static Set<Level> levels(String arm) {
        Set<Level> levels = new LinkedHashSet<>();
        if (!arm.equals(Arm.MAIN)) {
            Arrays.stream(arm.split(",", -1)).forEach(part -> {
                int sign = part.indexOf('=');
                levels.add(new Level(part.substring(0, sign), part.substring(sign + 1)));
            });
        }
        return levels;
    }

    private Map<Integer, Optional<Double>> groups(Kind kind, String arm) {
        return values.getOrDefault(arm, Map.of()).getOrDefault(kind, Map.of());
    }

    /** Absent where either side of all pairs has no such numbers. */
    private Optional<EffectTable.Effect> effect(Kind kind, Level level, List<Pair> all) {
        List<Pair> pairs = all.stream()
                .filter(pair -> !groups(kind, pair.with).isEmpty()
                        && !groups(kind, pair.without).isEmpty())
                .toList();
        if (pairs.isEmpty()) {
            return Optional.empty();
        }
        int planned = pairs.stream()
                .mapToInt(pair -> Math.min(wholeGroups(pair.with, kind), wholeGroups(pair.without, kind)))
                .min()
                .orElse(0);
        List<double[]> units = new ArrayList<>();
        for (int group = 0; group < planned; group++) {
            unit(kind, pairs, group).ifPresent(units::add);
        }
        boolean sameLeaves = pairs.stream().allMatch(pair -> haveSameLeaves(pair, planned * kind.size));
        double[] differences =
                units.stream().mapToDouble(unit -> unit[0] - unit[1]).toArray();
        return Optional.of(new EffectTable.Effect(
                level.factor,
                level.value,
                sameLeaves ? EffectTable.LEAVES : EffectTable.INDEX,
                pairs.size(),
                mean(units.stream().mapToDouble(unit -> unit[0]).toArray()),
                mean(units.stream().mapToDouble(unit -> unit[1]).toArray()),
                estimate(differences, seed(kind, level)),
                planned - units.size()));
    }

    private int wholeGroups(String arm, Kind kind) {
        return leaves.getOrDefault(arm, List.of()).size() / kind.size;
    }

    private boolean haveSameLeaves(Pair pair, int count) {
        return leaves.getOrDefault(pair.with, List.of())
                .subList(0, count)
                .equals(leaves.getOrDefault(pair.without, List.of()).subList(0, count));
    }

    /** With the setting and without it, each the mean over the pairs of arms; absent where a number is missing. */
    private Optional<double[]> unit(Kind kind, List<Pair> pairs, int group) {
        double[] sums = new double[2];
        for (Pair pair : pairs) {
            Optional<Double> with = groups(kind, pair.with).getOrDefault(group, Optional.empty());
            Optional<Double> without = groups(kind, pair.without).getOrDefault(group, Optional.empty());
            if (with.isEmpty() || without.isEmpty()) {
                return Optional.empty();
            }
            sums[0] += with.get() / pairs.size();
            sums[1] += without.get() / pairs.size();
        }
        return Optional.of(sums);
    }

    private static double[] known(Collection<Optional<Double>> some) {
        return some.stream()
                .flatMap(Optional::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static Optional<Double> mean(double[] some) {
        return some.length == 0
                ? Optional.empty()
                : Optional.of(Arrays.stream(some).sum() / some.length);
    }

    private long seed(Kind kind, Level level) {
        return Seeds.derive(
                study.seed(), "effects/%s/%d/%s=%s".formatted(kind.contrast, kind.size, level.factor, level.value));
    }

    private static EffectTable.Estimate estimate(double[] units, long seed) {
        int n = units.length;
        Optional<Interval> interval = n < 2
                ? Optional.empty()
                : Bca.interval(Statistic.mean(units), n, Bca.quantile(LEVEL, n), Bca.RESAMPLES, seed);
        return new EffectTable.Estimate(n, mean(units), interval.map(Interval::low), interval.map(Interval::high));
    }
}
