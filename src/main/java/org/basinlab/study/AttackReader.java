package org.basinlab.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Points;
import org.basinlab.recipe.VectorNorm;

/** Reads the settings of attacks and of noise: one metric for every space and norm that they name. */
final class AttackReader {

    private static final Map<String, Keys> KEYS = Map.of(
            "fgsm",
            keys("fgsm", "epsilons", "space"),
            "pgd",
            keys("pgd", "linf", "l2", "steps", "restarts", "space"),
            "deepfool",
            keys("deepfool", "l2", "linf", "iterations", "overshoot", "space"),
            "gaussian",
            keys("gaussian", "sigmas", "draws", "space"),
            "uniform",
            keys("uniform", "sizes", "draws", "space"),
            "weight-noise",
            keys("weight-noise", "sigmas", "draws"));

    private static final int MOST_OUTCOMES = 100_000;
    private static final int USUAL_STEPS = 10;
    private static final int USUAL_ITERATIONS = 50;
    private static final double USUAL_OVERSHOOT = 0.02;
    private static final int USUAL_DRAWS = 5;

    private AttackReader() {}

    static Keys keys(String family) {
        Keys keys = KEYS.get(family);
        if (keys == null) {
            throw new IllegalStateException("no metric is called " + family);
        }
        return keys;
    }

    private static Keys keys(String family, String... own) {
        List<String> all = new ArrayList<>(List.of(own));
        all.add(EvaluateReader.IMAGES);
        all.add(EvaluateReader.OF);
        return Keys.of(family, all.toArray(String[]::new));
    }

    /** @param section whose keys have been checked */
    static List<MetricRequest> read(String family, Section section, Value settings) {
        return switch (family) {
            case "fgsm" -> fgsm(section);
            case "pgd" -> pgd(section, settings);
            case "deepfool" -> deepFool(section, settings);
            case "gaussian" -> noise(section, "sigmas", NoiseShape.GAUSSIAN, settings);
            case "uniform" -> noise(section, "sizes", NoiseShape.UNIFORM, settings);
            default -> weightNoise(section, settings);
        };
    }

    private static List<MetricRequest> fgsm(Section section) {
        Points epsilons = PointsReader.read(section.get("epsilons"));
        List<MetricRequest> metrics = new ArrayList<>();
        spaces(section).forEach(space -> metrics.add(new MetricRequest.Fgsm(epsilons, space)));
        return metrics;
    }

    private static List<MetricRequest> pgd(Section section, Value settings) {
        int steps = integer(section, "steps", MetricRequest.MOST_STEPS, USUAL_STEPS);
        int restarts = integer(section, "restarts", MetricRequest.MOST_DRAWS, 1);
        List<MetricRequest> metrics = new ArrayList<>();
        for (InputSpace space : spaces(section)) {
            for (VectorNorm norm : norms(section, settings)) {
                Points budgets = PointsReader.read(section.get(norm.label()));
                metrics.add(new MetricRequest.Pgd(norm, budgets, steps, restarts, space));
            }
        }
        return metrics;
    }

    private static List<MetricRequest> deepFool(Section section, Value settings) {
        int iterations = integer(section, "iterations", MetricRequest.MOST_STEPS, USUAL_ITERATIONS);
        double overshoot = section.find("overshoot")
                .map(value -> value.number("[0, 1]", number -> number >= 0 && number <= 1))
                .orElse(USUAL_OVERSHOOT);
        List<MetricRequest> metrics = new ArrayList<>();
        for (InputSpace space : spaces(section)) {
            for (VectorNorm norm : norms(section, settings)) {
                Points budgets = PointsReader.read(section.get(norm.label()));
                metrics.add(new MetricRequest.DeepFool(norm, budgets, iterations, overshoot, space));
            }
        }
        return metrics;
    }

    private static List<MetricRequest> weightNoise(Section section, Value settings) {
        Points points = PointsReader.read(section.get("sigmas"));
        int draws = draws(section);
        requireFew(points, draws, 1, settings);
        return List.of(new MetricRequest.WeightNoise(points, draws));
    }

    /** Each point of each draw is a row of the store with a bit for every image, for every network. */
    private static void requireFew(Points points, int draws, int spaces, Value settings) {
        long outcomes = (long) points.values().size() * draws * spaces;
        if (outcomes > MOST_OUTCOMES) {
            throw settings.refuse(
                    "must ask for at most %d outcomes of a network, %d points and %d draws in %d %s are %d"
                            .formatted(
                                    MOST_OUTCOMES,
                                    points.values().size(),
                                    draws,
                                    spaces,
                                    spaces == 1 ? "space" : "spaces",
                                    outcomes));
        }
    }

    private static List<MetricRequest> noise(Section section, String sizes, NoiseShape shape, Value settings) {
        Points points = PointsReader.read(section.get(sizes));
        int draws = draws(section);
        requireFew(points, draws, spaces(section).size(), settings);
        List<MetricRequest> metrics = new ArrayList<>();
        spaces(section).forEach(space -> metrics.add(new MetricRequest.InputNoise(shape, points, draws, space)));
        return metrics;
    }

    /** Those that budgets are given for; {@code false} takes one back. */
    private static List<VectorNorm> norms(Section section, Value settings) {
        List<VectorNorm> norms = new ArrayList<>();
        for (VectorNorm norm : List.of(VectorNorm.LINF, VectorNorm.L2)) {
            Optional<Value> budgets = section.findUnlessFalse(norm.label());
            budgets.ifPresent(given -> norms.add(norm));
        }
        if (norms.isEmpty()) {
            throw settings.refuse("must have budgets under l2 or linf, had neither");
        }
        return norms;
    }

    /** In one order whatever the text's. */
    private static List<InputSpace> spaces(Section section) {
        return section.find("space")
                .map(value -> value.choices(List.of(InputSpace.values()), InputSpace::label).stream()
                        .sorted()
                        .toList())
                .orElse(List.of(InputSpace.PIXEL));
    }

    private static int draws(Section section) {
        return integer(section, "draws", MetricRequest.MOST_DRAWS, USUAL_DRAWS);
    }

    private static int integer(Section section, String key, int most, int usual) {
        return section.find(key).map(value -> value.integer(1, most)).orElse(usual);
    }
}
