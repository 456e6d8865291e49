package org.basinlab.verdict;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.study.Decision;

/** The rule of a claim in sentences, for people. */
final class Rule {

    private Rule() {}

    /** One sentence a part, then how they make one verdict. */
    static List<String> words(Decision decision) {
        List<String> sentences = new ArrayList<>();
        decision.parts().forEach(part -> sentences.add(words(part)));
        if (decision.parts().size() > 1) {
            sentences.add(
                    switch (decision.together()) {
                        case ALL ->
                            "all parts must hold for \"reproduced\", and all must be contradicted for \"contradicted\"";
                        case ANY_AGAINST ->
                            "all parts must hold for \"reproduced\"; one that is contradicted is enough for \"contradicted\", with its p adjusted for all parts";
                        case CROSSING ->
                            "a crossing: both signs must hold for \"reproduced\", both must be opposite for \"contradicted\"";
                    });
        }
        sentences.add(
                "\"reproduced\" and \"contradicted\" also need at least 80 % of the registered specifications on their side");
        return sentences;
    }

    private static String words(Decision.Part part) {
        String margin = number(part.margin());
        boolean isPositive = part.sign() != Decision.Sign.NEGATIVE;
        String side = isPositive ? "above" : "below";
        String otherSide = isPositive ? "below" : "above";
        return switch (part.type()) {
            case DIRECTION, TREND, VARIANCE ->
                "%s (%s, %s): holds when the 95 %% interval lies %s 0, adjusted p < 0.05 and the estimate is %s; contradicted when the interval lies %s 0 and adjusted p < 0.05 on that side"
                        .formatted(
                                part.name(),
                                part.type().label(),
                                part.scale(),
                                side,
                                isPositive ? "at least " + margin : "at most −" + margin,
                                otherSide);
            case EQUIVALENCE, SHAPE ->
                "%s (%s, %s): holds when the 95 %% interval lies %s and adjusted p < 0.05; contradicted when it lies %s and adjusted p < 0.05 on that side"
                        .formatted(
                                part.name(),
                                part.type().label(),
                                part.scale(),
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
                "%s (%s, %s): holds when the lower end of the 95 %% interval lies above %s and adjusted p < 0.05; contradicted when the upper end lies below and adjusted p < 0.05 on that side"
                        .formatted(part.name(), part.type().label(), part.scale(), margin);
        };
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
