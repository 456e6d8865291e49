package org.basinlab.workflow;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.basinlab.study.Arm;
import org.basinlab.study.Specification;
import org.basinlab.study.Study;

/** Says what a claim needs that a study does not measure, and what would have to be in its specification. */
final class Lack {

    private static final String NONE = "none";

    /** As many as a line can hold. */
    private static final int MOST_VALUES = 12;

    private final Specification.Need need;
    private final Study study;

    /** What is measured of the networks that something is needed of. */
    private final List<PlannedMetric> ofNetworks;

    private Lack(Specification.Need need, Study study, Set<PlannedMetric> metrics) {
        this.need = need;
        this.study = study;
        this.ofNetworks = metrics.stream().filter(metric -> metric.isOf(need)).toList();
    }

    /** {@code fgsm-accuracy at 0.01 of …, which this study does not measure: add evaluate.fgsm}. */
    static String of(Specification.Need need, Study study, Set<PlannedMetric> metrics) {
        Lack lack = new Lack(need, study, metrics);
        return "%s, which this study does not measure: %s".formatted(lack.what(), lack.remedy());
    }

    private String what() {
        StringBuilder what = new StringBuilder(need.metric());
        need.at().ifPresent(at -> what.append(" at ").append(at));
        need.space().ifPresent(space -> what.append(" in ").append(space).append(" space"));
        need.split().ifPresent(split -> what.append(" on ").append(split));
        what.append(" of ").append(need.scheme()).append(" networks");
        if (need.groupSize() > 1) {
            what.append(" of ").append(need.groupSize());
        }
        need.variant()
                .ifPresent(variant -> what.append(variant.isEmpty() ? " without a variant" : " (" + variant + ")"));
        return what.append(" in arm ").append(need.arm()).toString();
    }

    private String remedy() {
        if (study.arms().stream().map(Arm::name).noneMatch(need.arm()::equals)) {
            return "it has no arm " + need.arm();
        }
        if (ofNetworks.isEmpty()) {
            return networks();
        }
        List<PlannedMetric> same = ofNetworks.stream()
                .filter(metric -> metric.metric().equals(need.metric()))
                .toList();
        return same.isEmpty()
                ? metric()
                : "it measures that metric%s%s%s%s"
                        .formatted(
                                need.split().map(any -> among(" on ", same, metric -> metric.split().orElse(NONE))).orElse(""),
                                need.space().map(any -> among(" in ", same, metric -> metric.space().orElse(NONE))).orElse(""),
                                need.variant().map(any -> among(" of variant ", same, metric -> metric.variant().isEmpty() ? NONE : metric.variant())).orElse(""),
                                need.at().map(any -> among(" at ", same, metric -> metric.at().map(BigDecimal::toPlainString).orElse(NONE))).orElse(""));
    }

    private String networks() {
        return switch (need.scheme()) {
            case "hierarchical" ->
                "add a hierarchical merge of %d stages"
                        .formatted(Integer.numberOfTrailingZeros(Integer.highestOneBit(need.groupSize())));
            case "merge-many", "reference", "naive" ->
                "add a %s merge with groups of %d".formatted(need.scheme(), need.groupSize());
            case "trained" -> "it trains no such networks";
            case "l2-path" -> "add equal-accuracy-l2 to controls";
            default -> "add %s to controls of a tree with groups of %d".formatted(need.scheme(), need.groupSize());
        };
    }

    private String metric() {
        String metric = need.metric();
        String family = switch (metric) {
            case "accuracy", "loss", "logit-margin-median" -> "accuracy";
            case "ece" -> "calibration";
            case "weight-norm", "weight-norm-layer" -> "weight-norm";
            case "running-mean-loss" -> "running-mean";
            case "path-loss", "path-accuracy" -> "barrier";
            case "gaussian-accuracy", "uniform-accuracy", "weight-noise-accuracy" ->
                metric.substring(0, metric.length() - "-accuracy".length());
            default -> first(metric, "lipschitz", "fgsm", "pgd", "deepfool", "barrier");
        };
        return family.isEmpty()
                ? "%s networks have no %s".formatted(need.scheme(), metric)
                : "add evaluate.%s of these networks".formatted(family);
    }

    private static String first(String metric, String... families) {
        for (String family : families) {
            if (metric.startsWith(family + "-")) {
                return family;
            }
        }
        return "";
    }

    private static String among(String word, List<PlannedMetric> metrics, Function<PlannedMetric, String> value) {
        List<String> values = metrics.stream().map(value).distinct().toList();
        String first = values.stream().limit(MOST_VALUES).collect(Collectors.joining(", "));
        return word + first + (values.size() > MOST_VALUES ? ", …" : "");
    }
}
