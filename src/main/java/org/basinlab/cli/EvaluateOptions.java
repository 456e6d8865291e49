package org.basinlab.cli;

import java.util.List;
import java.util.Locale;
import org.basinlab.recipe.InputSpace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which metrics are taken, and how. */
final class EvaluateOptions {

    @Option(
            names = "--metric",
            paramLabel = "NAME[@points]",
            description = "What is measured; repeatable (default: accuracy and loss). Points are 0,0.002 or"
                    + " from:to:step. An unknown name lists all.")
    private @Nullable List<String> metrics;

    @Option(
            names = "--space",
            paramLabel = "pixel|normalised",
            defaultValue = "pixel",
            description = "Where attacks and noise live (default: ${DEFAULT-VALUE}).")
    private String space;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10",
            description = "Of PGD (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of PGD (default: ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of every noise (default: ${DEFAULT-VALUE}).")
    private int draws;

    @Option(
            names = "--radius",
            paramLabel = "R",
            defaultValue = "0.1",
            description =
                    "Of the ball around an image for lipschitz-local and -sampled, L2 in normalised inputs (default:"
                            + " ${DEFAULT-VALUE}).")
    private double radius;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "8",
            description = "Points of that ball for lipschitz-sampled (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "50",
            description = "Of DeepFool at most (default: ${DEFAULT-VALUE}).")
    private int iterations;

    @Option(
            names = "--overshoot",
            paramLabel = "X",
            defaultValue = "0.02",
            description = "Of DeepFool (default: ${DEFAULT-VALUE}).")
    private double overshoot;

    List<MetricChoice> choices() {
        InputSpace in =
                Choices.get("--space", space.toLowerCase(Locale.ROOT), List.of(InputSpace.values()), InputSpace::label);
        MetricFamily.Settings settings =
                new MetricFamily.Settings(in, steps, restarts, draws, radius, samples, iterations, overshoot);
        return MetricChoice.of(metrics == null ? List.of("accuracy", "loss") : metrics, settings);
    }
}
