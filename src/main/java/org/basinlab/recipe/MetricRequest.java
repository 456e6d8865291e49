package org.basinlab.recipe;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One family of metrics, taken of one network by one task. What images it looks at and the seed of what is random in it
 * stand beside it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = MetricRequest.Accuracy.class, name = "accuracy"),
    @JsonSubTypes.Type(value = MetricRequest.WeightNorm.class, name = "weight-norm"),
    @JsonSubTypes.Type(value = MetricRequest.Calibration.class, name = "calibration"),
    @JsonSubTypes.Type(value = MetricRequest.LipschitzSpectral.class, name = "lipschitz-spectral"),
    @JsonSubTypes.Type(value = MetricRequest.LipschitzLocal.class, name = "lipschitz-local"),
    @JsonSubTypes.Type(value = MetricRequest.LipschitzSampled.class, name = "lipschitz-sampled"),
    @JsonSubTypes.Type(value = MetricRequest.Fgsm.class, name = "fgsm"),
    @JsonSubTypes.Type(value = MetricRequest.Pgd.class, name = "pgd"),
    @JsonSubTypes.Type(value = MetricRequest.DeepFool.class, name = "deepfool"),
    @JsonSubTypes.Type(value = MetricRequest.InputNoise.class, name = "input-noise"),
    @JsonSubTypes.Type(value = MetricRequest.WeightNoise.class, name = "weight-noise"),
    @JsonSubTypes.Type(value = MetricRequest.Barrier.class, name = "barrier"),
    @JsonSubTypes.Type(value = MetricRequest.RunningMean.class, name = "running-mean"),
    @JsonSubTypes.Type(value = MetricRequest.Scaling.class, name = "scaling"),
    @JsonSubTypes.Type(value = MetricRequest.Patterns.class, name = "patterns"),
    @JsonSubTypes.Type(value = MetricRequest.CounterExample.class, name = "counter-example")
})
public sealed interface MetricRequest {

    int MOST_DRAWS = 1_000;
    int MOST_STEPS = 1_000;
    int MOST_LAMBDAS = 1_001;
    int MOST_BINS = 1_000;

    /** Its name in the task graph. */
    @JsonIgnore
    String label();

    /** Whether it looks at images; one that does is taken on named images of a split. */
    @JsonIgnore
    default boolean readsImages() {
        return true;
    }

    /** Whether something in it is random and needs a seed. */
    @JsonIgnore
    default boolean isRandom() {
        return false;
    }

    /** Accuracy (a fraction) and mean cross-entropy (nats). */
    record Accuracy() implements MetricRequest {
        @Override
        public String label() {
            return "accuracy";
        }
    }

    /** Σ over layers of ‖W‖_F + ‖b‖₂ (arXiv 2510.09174), in all and by layer. */
    record WeightNorm() implements MetricRequest {
        @Override
        public String label() {
            return "weight-norm";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }

    /**
     * Expected calibration error of the softmax of the logits.
     *
     * @param bins of equal width over [0, 1], 1 to 1,000
     */
    record Calibration(int bins) implements MetricRequest {
        public Calibration {
            Ranges.requireBetween("bins", bins, 1, MOST_BINS);
        }

        @Override
        public String label() {
            return "calibration";
        }
    }

    /** Product of the largest singular values of all weights: an upper bound of the Lipschitz constant, input → logits, L2. */
    record LipschitzSpectral() implements MetricRequest {
        @Override
        public String label() {
            return "lipschitz-spectral";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }

    /**
     * Mean over images of an upper bound of how far the logits move from those of the image, for each step away from it,
     * within a ball around it.
     *
     * @param radius of the ball, L2 in normalised inputs, (0, 1000]
     */
    record LipschitzLocal(double radius) implements MetricRequest {
        public LipschitzLocal {
            Ranges.requirePositive("radius", radius, 1_000);
        }

        @Override
        public String label() {
            return "lipschitz-local";
        }
    }

    /**
     * Lower bounds beside the upper ones: the largest singular value of the Jacobian at points drawn within a ball around
     * each image.
     *
     * @param radius of the ball, L2 in normalised inputs, (0, 1000]
     * @param samples points an image, the image itself the first, 1 to 1,000
     */
    record LipschitzSampled(double radius, int samples) implements MetricRequest {
        public LipschitzSampled {
            Ranges.requirePositive("radius", radius, 1_000);
            Ranges.requireBetween("samples", samples, 1, MOST_DRAWS);
        }

        @Override
        public String label() {
            return "lipschitz-sampled";
        }

        @Override
        public boolean isRandom() {
            return true;
        }
    }

    /** Accuracy after one step of ε·sign of the loss gradient (Goodfellow et al. 2015), for each ε. */
    record Fgsm(Points epsilons, InputSpace space) implements MetricRequest {
        @Override
        public String label() {
            return "fgsm";
        }
    }

    /**
     * Accuracy under projected gradient descent (Madry et al. 2018), for each budget.
     *
     * @param steps of 2.5·budget/steps each, 1 to 1,000
     * @param restarts from random points of the ball, 1 to 1,000; an image counts as correct that withstands all of them
     */
    record Pgd(VectorNorm norm, Points budgets, int steps, int restarts, InputSpace space) implements MetricRequest {
        public Pgd {
            Ranges.requireBetween("steps", steps, 1, MOST_STEPS);
            Ranges.requireBetween("restarts", restarts, 1, MOST_DRAWS);
        }

        @Override
        public String label() {
            return "pgd-" + norm.label();
        }

        @Override
        public boolean isRandom() {
            return true;
        }
    }

    /**
     * The nearest point of another class by DeepFool (Moosavi-Dezfooli et al. 2016): distances, and accuracy at budgets.
     *
     * @param iterations at most, 1 to 1,000; 50 in the paper
     * @param overshoot of the accumulated change, [0, 1]; 0.02 in the paper
     */
    record DeepFool(VectorNorm norm, Points budgets, int iterations, double overshoot, InputSpace space)
            implements MetricRequest {
        public DeepFool {
            Ranges.requireBetween("iterations", iterations, 1, MOST_STEPS);
            Ranges.requireBetween("overshoot", overshoot, 0, 1);
        }

        @Override
        public String label() {
            return "deepfool-" + norm.label();
        }
    }

    /**
     * Accuracy with random noise on the inputs, the mean over draws.
     *
     * @param sizes standard deviation, or half the width, of the noise
     * @param draws 1 to 1,000
     */
    record InputNoise(NoiseShape shape, Points sizes, int draws, InputSpace space) implements MetricRequest {
        public InputNoise {
            Ranges.requireBetween("draws", draws, 1, MOST_DRAWS);
        }

        @Override
        public String label() {
            return shape.label();
        }

        @Override
        public boolean isRandom() {
            return true;
        }
    }

    /**
     * Accuracy with Gaussian noise on the weights, the mean over draws: σ·‖W‖_F/√n of standard deviation on each of the n
     * values of a tensor.
     *
     * @param sizes σ
     * @param draws 1 to 1,000
     */
    record WeightNoise(Points sizes, int draws) implements MetricRequest {
        public WeightNoise {
            Ranges.requireBetween("draws", draws, 1, MOST_DRAWS);
        }

        @Override
        public String label() {
            return "weight-noise";
        }

        @Override
        public boolean isRandom() {
            return true;
        }
    }

    /**
     * Loss and accuracy on the line between the two networks that a merge was made of, as they are and permuted, and the
     * barrier that stands on it.
     *
     * @param lambdas evenly spaced points from 0 to 1 with both ends, 2 to 1,001
     * @param outputBias of the permuted second network; its own where absent
     */
    record Barrier(int lambdas, @JsonInclude(NON_ABSENT) Optional<OutputBias> outputBias) implements MetricRequest {
        public Barrier {
            Ranges.requireBetween("lambdas", lambdas, 2, MOST_LAMBDAS);
            outputBias = outputBias.filter(bias -> bias != OutputBias.OWN);
        }

        /** Between networks as they are. */
        public Barrier(int lambdas) {
            this(lambdas, Optional.empty());
        }

        @Override
        public String label() {
            return "barrier";
        }
    }

    /**
     * Loss of the mean of MergeMany's networks before its first round and after each.
     *
     * @param step that was taken
     * @param mergeSeed the seed that it was taken with
     */
    record RunningMean(MergeStep.Many step, long mergeSeed) implements MetricRequest {
        @Override
        public String label() {
            return "running-mean";
        }
    }

    /**
     * Accuracy when every tensor is multiplied by a factor: of one network, of the plain mean of several, or of several that
     * answer as one.
     *
     * @param factors M, each above 0
     * @param modes whose tensors are multiplied, at least one, in the order of {@link Scaled}; of one network only
     *     {@link Scaled#ALL} is taken
     * @param byPowers whether also by powers, which multiply the logits by one factor and change nothing else
     */
    record Scaling(Points factors, List<Scaled> modes, boolean byPowers) implements MetricRequest {
        public Scaling {
            modes = modes.stream().distinct().sorted().toList();
            if (modes.isEmpty()) {
                throw new IllegalArgumentException("there must be one mode of scaling at least, was none");
            }
            if (factors.values().get(0).signum() == 0) {
                throw new IllegalArgumentException("factors must be above 0, the first was 0");
            }
        }

        @Override
        public String label() {
            return "scaling";
        }
    }

    /** Whose tensors are multiplied. */
    enum Scaled {
        ALL,
        /** Those of the first network alone. */
        FIRST,
        /** Those of the last network alone. */
        LAST;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How much the rows of a linear classifier look like the mean images of the classes.
     *
     * @param draws of the permutation test, 1 to 100,000
     */
    record Patterns(int draws) implements MetricRequest {

        public static final int MOST_DRAWS = 100_000;

        public Patterns {
            Ranges.requireBetween("draws", draws, 1, MOST_DRAWS);
        }

        @Override
        public String label() {
            return "patterns";
        }

        @Override
        public boolean isRandom() {
            return true;
        }
    }

    /**
     * Accuracies between the two networks of Git Re-Basin's counter-example, under all permutations. Of no network that was
     * trained.
     *
     * @param lambdas evenly spaced points from 0 to 1 with both ends, 2 to 1,001
     */
    record CounterExample(int lambdas) implements MetricRequest {
        public CounterExample {
            Ranges.requireBetween("lambdas", lambdas, 2, MOST_LAMBDAS);
        }

        @Override
        public String label() {
            return "counter-example";
        }

        @Override
        public boolean readsImages() {
            return false;
        }
    }
}
