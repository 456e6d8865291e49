package org.basinlab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.verdict.EffectTable;
import org.basinlab.verdict.EffectTable.Effect;
import org.basinlab.verdict.EffectTable.Estimate;
import org.basinlab.verdict.EffectTable.Outcome;

/** What the factors of a study do, for a terminal: a table for each outcome, in percentage points of test accuracy. */
final class EffectText {

    private static final double POINTS = 100;

    private static final List<String> NOTES = List.of(
            "Percentage points of test accuracy, with 95 % intervals over groups of leaves (BCa). effect: how much higher than",
            "with the study's own setting; paired by leaves, or by index where the groups have other leaves. It decides no claim.");

    static final String FEW =
            "Of fewer than 6 groups an interval is no wider than their range, and covers less: that of 3 about 75 %.";

    private final EffectTable table;

    EffectText(EffectTable table) {
        this.table = table;
    }

    void print(PrintWriter out) {
        if (table.isEmpty()) {
            out.println("nothing to compare: no two arms that differ in one setting have merges with an accuracy yet");
            return;
        }
        for (Outcome outcome : table.outcomes()) {
            if (!outcome.effects().isEmpty()) {
                print(outcome, out);
                out.println();
            }
        }
        NOTES.forEach(out::println);
        if (fewest() < EffectTable.FEWEST_FOR_LEVEL) {
            out.println(FEW);
        }
    }

    private int fewest() {
        return table.outcomes().stream()
                .flatMap(outcome -> outcome.effects().stream())
                .mapToInt(effect -> effect.difference().n())
                .min()
                .orElse(EffectTable.FEWEST_FOR_LEVEL);
    }

    private static void print(Outcome outcome, PrintWriter out) {
        out.println("%s: %s over %d groups with the study's own settings"
                .formatted(
                        title(outcome), estimate(outcome.own()), outcome.own().n()));
        TextTable rows = new TextTable("setting", ">own", ">with it", ">effect", ">95 % interval", ">n", "paired by");
        for (Effect effect : outcome.effects()) {
            Estimate difference = effect.difference();
            rows.add(List.of(
                    label(effect),
                    points(effect.reference()),
                    points(effect.level()),
                    points(difference.mean()),
                    interval(difference),
                    effect.excluded() == 0
                            ? Integer.toString(difference.n())
                            : "%d of %d".formatted(difference.n(), difference.n() + effect.excluded()),
                    effect.arms() == 1 ? effect.pairing() : "%s, %d arms".formatted(effect.pairing(), effect.arms())));
        }
        rows.print(out);
    }

    static String title(Outcome outcome) {
        return outcome.contrast().equals("merge-minus-leaves")
                ? "hierarchical merge of %d minus the mean of its leaves".formatted(outcome.groupSize())
                : "hierarchical merge minus MergeMany of the same %d".formatted(outcome.groupSize());
    }

    static String label(Effect effect) {
        return effect.factor() + "=" + effect.value();
    }

    private static String estimate(Estimate estimate) {
        return estimate.low().isEmpty()
                ? points(estimate.mean())
                : "%s %s".formatted(points(estimate.mean()), interval(estimate));
    }

    static String interval(Estimate estimate) {
        return estimate.low().isEmpty()
                ? "none"
                : "[%s, %s]".formatted(points(estimate.low()), points(estimate.high()));
    }

    static String points(Optional<Double> fraction) {
        // Adding zero makes one zero of both.
        return fraction.map(value -> String.format(Locale.ROOT, "%+.2f", Math.rint(value * POINTS * 100) / 100 + 0.0))
                .orElse("none");
    }
}
