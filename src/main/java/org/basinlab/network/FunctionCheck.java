package org.basinlab.network;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/**
 * Whether a permuted network still computes what its original does: both are run on {@value #INPUTS} seeded Gaussian
 * inputs in float64 and their logits compared. A wrong permutation specification shows here at once, where a merged
 * network would only be mysteriously bad. Two passes through the 2.2 million parameters of the papers' network take
 * about 10 ms. Immutable; the original is run once.
 *
 * @see <a href="https://github.com/samuela/git-re-basin/issues/3">the diagnostic of Git Re-Basin's author</a>
 */
public final class FunctionCheck {

    /** As many as there are independent sums in the inner loop, which hides the latency of one addition. */
    static final int INPUTS = 8;

    /**
     * Sums are the same numbers in another order, so they differ by about 10⁻¹³ of the largest; a single wrong weight
     * differs by far more.
     */
    static final double TOLERANCE = 1e-9;

    /** Of a network whose passes are long: a wrong specification shows on any input. */
    private static final int INPUTS_OF_GRAPH = 2;

    private final Architecture architecture;
    private final double[] inputs;
    private final double[] logits;

    private FunctionCheck(Architecture architecture, double[] inputs, double[] logits) {
        this.architecture = architecture;
        this.inputs = inputs;
        this.logits = logits;
    }

    /** Runs {@code original} on inputs drawn from {@code seed}. */
    public static FunctionCheck of(Weights original, long seed) {
        Architecture architecture = original.architecture();
        RandomGenerator random = Seeds.generator(Seeds.derive(seed, "function-check"));
        int count = architecture instanceof Architecture.Mlp ? INPUTS : INPUTS_OF_GRAPH;
        double[] inputs = new double[architecture.inputs() * count];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextGaussian();
        }
        return new FunctionCheck(architecture, inputs, forward(original, inputs));
    }

    /**
     * Passes when {@code permuted} answers as the original does.
     *
     * @throws FunctionChangedException if a logit differs by more than {@value #TOLERANCE} of the largest, or is not finite
     */
    public void requireSame(Weights permuted) {
        if (!permuted.architecture().equals(architecture)) {
            throw new IllegalArgumentException("a permutation of %s must have its architecture, was %s"
                    .formatted(architecture.label(), permuted.architecture().label()));
        }
        double[] found = forward(permuted, inputs);
        double largest = 0;
        for (double logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        for (int i = 0; i < found.length; i++) {
            if (!(Math.abs(found[i] - logits[i]) <= TOLERANCE * largest)) { // also refuses NaN
                throw new FunctionChangedException(
                        "permuted network differs from the original: logit %d of input %d is %s, was %s"
                                .formatted(classOf(i), inputOf(i), found[i], logits[i]));
            }
        }
    }

    private int classOf(int logit) {
        return architecture instanceof Architecture.Mlp ? logit / INPUTS : logit % architecture.classes();
    }

    private int inputOf(int logit) {
        return architecture instanceof Architecture.Mlp ? logit % INPUTS : logit / architecture.classes();
    }

    /** Logits, laid out as the inputs are. */
    private static double[] forward(Weights weights, double[] inputs) {
        if (weights.architecture() instanceof Architecture.Mlp mlp) {
            return forward(mlp, weights, inputs);
        }
        Graph graph = weights.architecture().graph();
        return ReferencePass.run(graph, weights.copy(), inputs, INPUTS_OF_GRAPH, ReferencePass.Statistics.RUNNING)[
                graph.logits()];
    }

    /** Logits {@code [classes][INPUTS]} of inputs {@code [inputs][INPUTS]}. */
    private static double[] forward(Architecture.Mlp mlp, Weights weights, double[] inputs) {
        float[] flat = weights.copy();
        List<TensorShape> tensors = mlp.tensors();
        double[] activations = inputs;
        for (int k = 0; k < tensors.size(); k += 2) {
            TensorShape weight = tensors.get(k);
            int out = weight.axes().get(0);
            double[] next = new double[out * INPUTS];
            for (int unit = 0; unit < out; unit++) {
                float bias = flat[tensors.get(k + 1).offset() + unit];
                Arrays.fill(next, unit * INPUTS, (unit + 1) * INPUTS, bias);
                addProduct(flat, weight, unit, activations, next);
            }
            activations = k + 2 < tensors.size() ? relu(next) : next;
        }
        return activations;
    }

    /** Adds what one unit takes from all inputs; its eight sums stay in registers. */
    private static void addProduct(float[] flat, TensorShape weight, int unit, double[] x, double[] out) {
        int columns = weight.axes().get(1);
        int row = weight.offset() + unit * columns;
        int at = unit * INPUTS;
        double s0 = out[at];
        double s1 = out[at + 1];
        double s2 = out[at + 2];
        double s3 = out[at + 3];
        double s4 = out[at + 4];
        double s5 = out[at + 5];
        double s6 = out[at + 6];
        double s7 = out[at + 7];
        for (int c = 0; c < columns; c++) {
            double w = flat[row + c];
            int i = c * INPUTS;
            s0 += w * x[i];
            s1 += w * x[i + 1];
            s2 += w * x[i + 2];
            s3 += w * x[i + 3];
            s4 += w * x[i + 4];
            s5 += w * x[i + 5];
            s6 += w * x[i + 6];
            s7 += w * x[i + 7];
        }
        out[at] = s0;
        out[at + 1] = s1;
        out[at + 2] = s2;
        out[at + 3] = s3;
        out[at + 4] = s4;
        out[at + 5] = s5;
        out[at + 6] = s6;
        out[at + 7] = s7;
    }

    private static double[] relu(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(values[i], 0);
        }
        return values;
    }
}
