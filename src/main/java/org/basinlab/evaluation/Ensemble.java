package org.basinlab.evaluation;

import java.util.Arrays;
import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * Several networks that answer as one. One network alone answers by its logits as it does without others, bit for bit.
 *
 * @see <a href="https://arxiv.org/abs/2411.09263">Rethinking Weight-Averaged Model-merging, whose ways of combining these
 *     are, beside means of probabilities</a>
 */
public final class Ensemble implements Answering {

    /** What of the networks is averaged. */
    public enum How {
        /** Logits, in float64, rounded to float32 once. */
        LOGITS,
        /** Probabilities; joint logits are their logarithms. */
        PROBABILITIES,
        /** What the last layer takes; the first network's last layer answers. Of networks of one architecture. */
        FEATURES,
        /** What the last layer takes; the mean of the last layers answers. Of networks of one architecture. */
        FEATURES_MEAN_HEAD
    }

    private final How how;
    private final List<Weights> networks;
    private final Factors factors;

    /**
     * By how much what each network gives is multiplied before it is averaged.
     *
     * @param outputs logits, or features
     * @param headWeights of each last layer's weights in the joint one, where features are averaged
     * @param headBiases of each last layer's biases in the joint one
     */
    @SuppressWarnings("ArrayRecordComponent") // made, read and dropped within the room
    record Factors(double[] outputs, double[] headWeights, double[] headBiases) {

        /** As they are. */
        static Factors none(How how, int networks) {
            double[] ones = new double[networks];
            Arrays.fill(ones, 1);
            double[] heads = new double[networks];
            if (how == How.FEATURES_MEAN_HEAD) {
                Arrays.fill(heads, 1.0 / networks);
            } else {
                heads[0] = 1;
            }
            return new Factors(ones, heads, heads);
        }
    }

    Ensemble(How how, List<Weights> networks, Factors factors) {
        this.how = how;
        this.networks = List.copyOf(networks);
        this.factors = factors;
    }

    /**
     * Of networks as they are. Features can be averaged only where unit i of one network stands for unit i of the others:
     * the caller has aligned them, or wants to know what becomes of it otherwise.
     *
     * @param networks at least one; of several architectures, where no features are averaged, if they agree in inputs and
     *     classes
     * @throws IllegalArgumentException if they do not
     */
    public static Ensemble of(How how, List<Weights> networks) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("at least one network must answer, there was none");
        }
        return new Ensemble(how, networks, Factors.none(how, networks.size()));
    }

    @Override
    public void over(Examples examples, Progress progress, Visitor visitor) {
        switch (how) {
            case LOGITS ->
                JointPass.over(networks, new OutputMean.Logits(factors.outputs), examples, progress, visitor);
            case PROBABILITIES -> JointPass.over(networks, OutputMean.PROBABILITIES, examples, progress, visitor);
            case FEATURES, FEATURES_MEAN_HEAD -> FeatureMean.over(networks, factors, examples, progress, visitor);
        }
    }
}
