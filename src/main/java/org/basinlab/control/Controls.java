package org.basinlab.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Progress;

/**
 * Makes the network that a merge is set against. Accuracies are those on {@link ControlData#images}, and count as equal
 * within {@link ControlStep#EQUAL_ACCURACY}; where no network comes so near, the nearest is returned, and the fact
 * {@code control-accuracy-difference}, its accuracy minus the target's, says how near that is.
 */
public final class Controls {

    private Controls() {}

    /**
     * Makes it. Equal arguments give equal bytes on one engine and BLAS kernel.
     *
     * @param inputs as the step names them, the target first
     * @param seed of the noise
     * @param data present where the step looks for an accuracy
     * @return facts beside the difference: {@code control-step}, from 1 over the whole training; {@code control-coefficient},
     *     0 for a leaf without a penalty; {@code control-noise}, standard deviations on the scale of a tensor. None for
     *     what looks for no accuracy
     * @throws IllegalArgumentException if the inputs are not those of the step, or data is missing
     * @throws org.basinlab.training.TrainingDiverged if the leaf's own training does
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static ControlNetwork make(
            ControlStep step, List<Weights> inputs, long seed, Optional<ControlData> data, Progress progress) {
        Rising rising = new Rising(progress);
        rising.at(0);
        ControlNetwork made = step.readsImages()
                ? ofEqualAccuracy(step, inputs, seed, requireData(step, data), rising)
                : ofEqualNorm(step, inputs, seed);
        rising.at(1);
        return made;
    }

    private static ControlNetwork ofEqualAccuracy(
            ControlStep step, List<Weights> inputs, long seed, ControlData data, Rising progress) {
        if (step instanceof ControlStep.EarlyStop early) {
            requireInputs(step, inputs, 1);
            return new EarlyStopping(early, inputs.get(0), data, progress).find();
        }
        if (step instanceof ControlStep.L2Path path) {
            requireInputs(step, inputs, 2 + path.coefficients().size());
            return new L2Search(path, inputs.get(0), data, progress)
                    .find(inputs.get(1), inputs.subList(2, inputs.size()));
        }
        requireInputs(step, inputs, 2);
        return new NoiseSearch(inputs.get(1), inputs.get(0), data, seed, progress).find();
    }

    private static ControlNetwork ofEqualNorm(ControlStep step, List<Weights> inputs, long seed) {
        requireInputs(step, inputs, 2);
        Weights target = inputs.get(0);
        Weights leaf = inputs.get(1);
        Weights made = step instanceof ControlStep.NormRescaled
                ? NormRescaling.of(leaf, target)
                : MatchedNoise.of(leaf, target, seed);
        return new ControlNetwork(made, Map.of());
    }

    private static ControlData requireData(ControlStep step, Optional<ControlData> data) {
        return data.orElseThrow(
                () -> new IllegalArgumentException(step.label() + " looks for an accuracy, but was given no images"));
    }

    private static void requireInputs(ControlStep step, List<Weights> inputs, int count) {
        if (inputs.size() != count) {
            throw new IllegalArgumentException(
                    "%s takes %d networks, was given %d".formatted(step.label(), count, inputs.size()));
        }
        Architecture first = inputs.get(0).architecture();
        for (Weights input : inputs) {
            if (!input.architecture().equals(first)) {
                throw new IllegalArgumentException("%s needs networks of one architecture, were %s and %s"
                        .formatted(
                                step.label(),
                                first.label(),
                                input.architecture().label()));
            }
        }
    }
}
