package org.basinlab.verdict;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.basinlab.study.Decision;

/** The rule of a claim in sentences, for people. */
final class Rule {

    /** More names than this are told by how they begin. */
    private static final int MOST_NAMES = 4;

    private Rule() {}

    /** One sentence for all parts that are decided alike, then how the parts make one verdict. */
    static List<String> words(Decision decision) {
        Map<String, List<String>> alike = new LinkedHashMap<>();
        decision.parts()
                .forEach(part -> alike.computeIfAbsent(words(part), key -> new ArrayList<>())
                        .add(part.name()));
        List<String> sentences = new ArrayList<>();
        alike.forEach((words, names) -> {
            Set<String> others = new TreeSet<>();
            decision.parts().forEach(part -> others.add(part.name()));
            names.forEach(others::remove);
            sentences.add(subject(names, others) + words);
        });
        if (decision.parts().size() > 1) {
            sentences.add(
                    switch (decision.together()) {
                        case ALL ->
                            "all parts must hold for \"reproduced\", and all must be contradicted for \"contradicted\"";
                        case ANY_AGAINST ->
                            "all parts must hold for \"reproduced\"; one that is contradicted is enough for \"contradicted\", with p and interval adjusted for all parts";
                        case CROSSING ->
                            "a crossing: both signs must hold for \"reproduced\", both must be opposite for \"contradicted\"";
                    });
        }
        sentences.add(
                "\"reproduced\" and \"contradicted\" also need at least 80 % of the registered specifications on their side");
        return sentences;
    }

    /** {@code loss}, {@code each of fgsm, deepfool}, {@code each of the 12 parts fgsm-…, pgd-…}. */
    private static String subject(List<String> names, Set<String> others) {
        if (names.size() == 1) {
            return names.get(0);
        }
        if (names.size() <= MOST_NAMES) {
            return "each of " + String.join(", ", names);
        }
        Set<String> families = families(names);
        others.removeIf(other -> families(List.of(other)).stream().noneMatch(families::contains));
        return "each of the %d parts %s"
                .formatted(names.size(), String.join(", ", others.isEmpty() ? families : names));
    }

    /** What stands before the first dash, for every name that has one. */
    private static Set<String> families(List<String> names) {
        Set<String> families = new LinkedHashSet<>();
        names.forEach(name -> families.add(name.contains("-") ? name.substring(0, name.indexOf('-')) + "-…" : name));
        return families;
    }

    private static String words(Decision.Part part) {
        String margin = number(part.margin());
        boolean isPositive = part.sign() != Decision.Sign.NEGATIVE;
        String side = isPositive ? "above" : "below";
        String otherSide = isPositive ? "below" : "above";
        String rule = switch (part.type()) {
            case DIRECTION, TREND, VARIANCE ->
                "the 95 %% interval lies %s 0, adjusted p < 0.05 and the estimate is %s; contradicted when the interval lies %s 0 and adjusted p < 0.05 on that side"
                        .formatted(side, isPositive ? "at least " + margin : "at most −" + margin, otherSide);
            case EQUIVALENCE, SHAPE ->
                "the 95 %% interval lies %s and adjusted p < 0.05; contradicted when it lies %s and adjusted p < 0.05 on that side"
                        .formatted(
                                switch (part.sign()) {
                                    case NONE -> "within ±" + margin;
                                    case NEGATIVE -> "below " + margin;
                                    case POSITIVE -> "above −" + margin;
                                },
                                switch (part.sign()) {
                                    case NONE -> "outside";
                                    case NEGATIVE -> "above it";
                                    case POSITIVE -> "below it";
                                });
            case BARRIER ->
                "the lower end of the 95 %% interval lies above %s and adjusted p < 0.05; contradicted when the upper end lies below and adjusted p < 0.05 on that side"
                        .formatted(margin);
        };
        return " (%s, measured in %s): holds when %s".formatted(type(part.type()), part.scale(), rule);
    }

    private static String type(Decision.Type type) {
        return switch (type) {
            case DIRECTION -> "a direction";
            case TREND -> "a trend over the stages";
            case VARIANCE -> "a ratio of two variances";
            case EQUIVALENCE -> "an equivalence";
            case SHAPE -> "the shape of a curve";
            case BARRIER -> "a barrier";
        };
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
