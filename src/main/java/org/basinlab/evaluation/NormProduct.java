package org.basinlab.evaluation;

import java.util.Arrays;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.TensorShape;

/**
 * An upper bound of the Lipschitz constant of any network, input to logits, L2, by the norms of its operations: one after
 * another they multiply, and the branches of a sum add up. With it comes the same number from below each norm.
 *
 * <p>ReLU and pooling by the largest of windows that do not overlap stretch nothing; the mean over P positions is of norm
 * 1/√P; GELU stretches by at most its slope at √2. A BatchNorm in evaluation is affine: it multiplies channels, and is
 * taken together with the convolution before it where nothing else looks at that. LayerNorm and GroupNorm stretch inputs of
 * no variance by 1/√ε and are bounded by nothing else; such a bound is true and says nothing. Attention has no bound (Kim,
 * Papamakarios and Mnih 2021): the product is infinite.
 *
 * @param value the product. Its lower end is the product of the lower bounds of the norms: no lower bound of the Lipschitz
 *     constant
 * @param loose how many normalisations are bounded by 1/√ε
 * @see <a href="https://arxiv.org/abs/2006.04710">The Lipschitz Constant of Self-Attention</a>
 */
public record NormProduct(Enclosure value, int loose) {

    /** The largest slope of GELU, Φ(√2) + √2·φ(√2), rounded up. */
    private static final double GELU = 1.128_904_2;

    private static final Enclosure ONE = new Enclosure(1, 1);
    private static final Enclosure NONE = new Enclosure(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    /**
     * Of a network.
     *
     * @throws IllegalArgumentException if it holds a NaN or an infinity
     */
    public static NormProduct of(Weights weights) {
        if (!weights.isFinite()) {
            throw new IllegalArgumentException(
                    "weights must be finite to have a Lipschitz bound, held a NaN or an infinity");
        }
        Graph graph = weights.architecture().graph();
        Walk walk = new Walk(graph, weights);
        Enclosure[] at = new Enclosure[graph.size()];
        at[0] = ONE;
        for (int node = 1; node < graph.size(); node++) {
            at[node] = walk.at(node, at);
        }
        int loose = (int)
                graph.nodes().stream().filter(node -> isLoose(node.operation())).count();
        return new NormProduct(at[graph.logits()], loose);
    }

    private static boolean isLoose(Operation operation) {
        return operation instanceof Operation.Normalise normalise && normalise.norm() != Norm.BATCH;
    }

    /** How far each node can be stretched from the input. */
    private record Walk(Graph graph, Weights weights) {

        Enclosure at(int index, Enclosure[] at) {
            Graph.Node node = graph.node(index);
            Operation operation = node.operation();
            if (operation instanceof Operation.Sum) {
                return at[node.input()].plus(at[node.inputs().get(1)]);
            }
            if (isLinear(operation)) {
                return at[node.input()].times(norm(node, ones(node)));
            }
            if (operation instanceof Operation.Normalise normalise && normalise.norm() == Norm.BATCH) {
                return afterBatchNorm(node, normalise, at);
            }
            return at[node.input()].times(plain(node));
        }

        private static boolean isLinear(Operation operation) {
            return operation instanceof Operation.Linear || operation instanceof Operation.Convolution;
        }

        private Enclosure afterBatchNorm(Graph.Node node, Operation.Normalise normalise, Enclosure[] at) {
            double[] factors = factors(normalise);
            Graph.Node before = graph.node(node.input());
            if (isLinear(before.operation()) && graph.takers(node.input()).size() == 1) {
                return at[before.input()].times(norm(before, factors));
            }
            return at[node.input()].times(Enclosure.around(largest(factors)));
        }

        private Enclosure plain(Graph.Node node) {
            Operation operation = node.operation();
            if (operation instanceof Operation.Attention) {
                return NONE;
            }
            if (operation instanceof Operation.Normalise normalise) {
                return Enclosure.around(largest(values(normalise.scale())) / Math.sqrt(Norm.EPSILON));
            }
            if (operation instanceof Operation.Activate activate
                    && activate.activation() == Operation.Activation.GELU) {
                return new Enclosure(GELU, GELU);
            }
            if (operation instanceof Operation.MeanPool) {
                int positions = graph.node(node.input()).output().positions();
                return Enclosure.around(1 / Math.sqrt(positions));
            }
            return ONE; // rectifiers, windows without overlap, and what only moves, chooses or adds values
        }

        /** Of a layer whose outputs are multiplied by so much each. */
        private Enclosure norm(Graph.Node node, double[] factors) {
            TensorShape shape = node.operation().tensors().get(0);
            double[] weight = values(shape);
            int row = weight.length / factors.length;
            for (int i = 0; i < weight.length; i++) {
                weight[i] *= factors[i / row];
            }
            if (node.operation() instanceof Operation.Convolution convolution) {
                Extent in = graph.node(node.input()).output();
                return OperatorNorm.of(weight, Window.of(convolution, in, node.output()));
            }
            return Enclosure.around(Products.largestSingularValue(factors.length, row, weight));
        }

        private static double[] ones(Graph.Node node) {
            double[] ones = new double[node.output().channels()];
            Arrays.fill(ones, 1);
            return ones;
        }

        private double[] factors(Operation.Normalise normalise) {
            Operation.Running running = normalise.running().orElseThrow();
            double[] factors = values(normalise.scale());
            double[] variances = values(running.variance());
            for (int c = 0; c < factors.length; c++) {
                factors[c] /= Math.sqrt(variances[c] + Norm.EPSILON);
            }
            return factors;
        }

        private static double largest(double[] values) {
            return Arrays.stream(values).map(Math::abs).max().orElse(0);
        }

        private double[] values(TensorShape shape) {
            double[] values = new double[shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = weights.at(shape.offset() + i);
            }
            return values;
        }
    }
}
