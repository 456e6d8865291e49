package org.basinlab.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.TensorShape;

/**
 * Networks all of whose tensors are multiplied by a factor M, as they answer, without ever holding a number that overflows.
 *
 * <p>A network of linear layers, convolutions, rectifiers and pooling is positively homogeneous: with h the output of layer e
 * after M was applied, h/Mᵉ is the output of a network whose weights are as they were and whose biases are multiplied by
 * M¹⁻ᵉ. So that network is computed, and the power Mᴸ of its logits is kept as a logarithm: of one network it changes no
 * answer, of several it says whose logits or features count. Networks with normalisations, GELU or attention are no such
 * functions; their tensors, a BatchNorm's mean and variance among them, are multiplied as they are, in float32, where
 * normalisations keep what follows in range.
 *
 * <p>The other scaling, by powers, multiplies the weights by M and the bias of layer e by Mᵉ: it multiplies the logits by Mᴸ
 * and nothing else. It is the control: whatever it changes is the combination's doing.
 *
 * @see <a href="https://arxiv.org/abs/2411.09263">Rethinking Weight-Averaged Model-merging, section 5</a>
 */
public final class ParameterScaling {

    private final Graph graph;
    private final List<Weights> networks;
    private final double[] factors;
    private final boolean byPowers;
    /** Of every node the number of layers on the way to it; empty where the network is not homogeneous. */
    private final Optional<int[]> layers;

    /**
     * Multiplies.
     *
     * @param networks of one architecture, at least one
     * @param factors of each, positive
     * @param byPowers whether biases are multiplied by powers, so that logits are multiplied by one factor
     * @throws IllegalArgumentException if the architectures differ, or {@code byPowers} is asked of networks that are not
     *     homogeneous
     */
    public ParameterScaling(List<Weights> networks, double[] factors, boolean byPowers) {
        this.networks = List.copyOf(networks);
        this.factors = factors.clone();
        this.byPowers = byPowers;
        for (Weights network : networks) {
            if (!network.architecture().equals(networks.get(0).architecture())) {
                throw new IllegalArgumentException("networks that are scaled together must have one architecture");
            }
        }
        graph = networks.get(0).architecture().graph();
        layers = layers(graph);
        if (byPowers && layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "only networks of linear layers, convolutions, rectifiers and pooling can be scaled by powers, was "
                            + networks.get(0).architecture().label());
        }
    }

    /** The plain mean of the scaled networks, divided by what keeps it in range where that changes no answer. */
    public Weights soup() {
        double common = layers.isPresent() ? Arrays.stream(factors).average().orElseThrow() : 1;
        double[] sum = new double[networks.get(0).size()];
        for (int k = 0; k < factors.length; k++) {
            add(networks.get(k), factors[k], common, 1.0 / factors.length, sum);
        }
        return rounded(sum);
    }

    /** The scaled networks answering as one. */
    public Ensemble ensemble(Ensemble.How how) {
        List<Weights> scaled =
                IntStream.range(0, factors.length).mapToObj(this::alone).toList();
        if (layers.isEmpty()) {
            return new Ensemble(how, scaled, Ensemble.Factors.none(how, scaled.size()));
        }
        int depth = layers.get()[graph.logits()];
        return switch (how) {
            case LOGITS -> new Ensemble(how, scaled, logits(depth));
            case FEATURES, FEATURES_MEAN_HEAD -> new Ensemble(how, scaled, features(how, depth));
            case PROBABILITIES ->
                throw new IllegalArgumentException("probabilities of scaled networks are those of overflowing logits");
        };
    }

    /** One of them, divided by its own powers. */
    private Weights alone(int k) {
        double[] values = new double[networks.get(k).size()];
        add(networks.get(k), factors[k], layers.isPresent() ? factors[k] : 1, 1, values);
        return rounded(values);
    }

    private Ensemble.Factors logits(int depth) {
        double[] heads = new double[factors.length];
        return new Ensemble.Factors(relative(depth), heads, heads);
    }

    private Ensemble.Factors features(Ensemble.How how, int depth) {
        double[] relative = relative(depth - 1);
        double largest = Arrays.stream(factors).max().orElseThrow();
        double[] weights = new double[factors.length];
        double[] biases = new double[factors.length];
        for (int k = 0; k < factors.length; k++) {
            double share = how == Ensemble.How.FEATURES_MEAN_HEAD ? 1.0 / factors.length : k == 0 ? 1 : 0;
            // Of the head M·(W·f + b), or M·W·f + Mᴸ·b, with f as a multiple of the largest power of a factor.
            weights[k] = share * factors[k] / largest;
            // The scaled heads hold b·M¹⁻ᴸ, or b.
            biases[k] = share * (factors[k] / largest) * Math.pow(factors[k] / largest, depth - 1);
        }
        return new Ensemble.Factors(relative, weights, biases);
    }

    /** M to this power of each network over that of the largest. */
    private double[] relative(int power) {
        double largest = Arrays.stream(factors).max().orElseThrow();
        return Arrays.stream(factors)
                .map(factor -> Math.pow(factor / largest, power))
                .toArray();
    }

    /**
     * Adds one network after its factor was applied and all layers were divided by a common one: weights by it, the bias
     * of layer e by its power e.
     */
    private void add(Weights network, double factor, double common, double share, double[] sum) {
        for (int node = 0; node < graph.size(); node++) {
            int layer = layers.isPresent() ? layers.get()[node] : 1;
            Operation operation = graph.node(node).operation();
            for (int t = 0; t < operation.tensors().size(); t++) {
                TensorShape tensor = operation.tensors().get(t);
                boolean bias = t > 0 && layers.isPresent();
                double scale = bias
                        ? (byPowers
                                ? Math.pow(factor / common, layer)
                                : factor / common * Math.pow(common, 1.0 - layer))
                        : factor / common;
                for (int i = tensor.offset(); i < tensor.offset() + tensor.size(); i++) {
                    sum[i] += share * scale * network.at(i);
                }
            }
        }
    }

    private Weights rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Weights.owning(networks.get(0).architecture(), floats);
    }

    private static Optional<int[]> layers(Graph graph) {
        int[] layers = new int[graph.size()];
        for (int node = 1; node < layers.length; node++) {
            Operation operation = graph.node(node).operation();
            int before = layers[graph.node(node).input()];
            boolean known = operation instanceof Operation.MaxPool
                    || operation instanceof Operation.MeanPool
                    || operation instanceof Operation.Flatten
                    || (operation instanceof Operation.Activate activate
                            && activate.activation() == Operation.Activation.RELU);
            if (operation instanceof Operation.Linear || operation instanceof Operation.Convolution) {
                layers[node] = before + 1;
            } else if (known) {
                layers[node] = before;
            } else if (operation instanceof Operation.Sum
                    && layers[graph.node(node).inputs().get(1)] == before) {
                layers[node] = before;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(layers);
    }
}
