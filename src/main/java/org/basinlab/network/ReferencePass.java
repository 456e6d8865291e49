package org.basinlab.network;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.TensorShape;

/**
 * A network's computation in float64 by plain loops, written to be read: what every engine is held against, and what tells
 * whether a permuted network is still the same function. Values lie {@code [images][channels][positions]}.
 */
final class ReferencePass {

    /** What a BatchNorm takes its mean and variance from. */
    enum Statistics {
        RUNNING,
        BATCH
    }

    private static final NormalDistribution STANDARD = NormalDistribution.of(0, 1);

    private final Graph graph;
    private final float[] weights;
    private final int images;
    private final Statistics statistics;
    private final double[][] outputs;

    private ReferencePass(Graph graph, float[] weights, int images, Statistics statistics) {
        this.graph = graph;
        this.weights = weights;
        this.images = images;
        this.statistics = statistics;
        outputs = new double[graph.size()][];
    }

    /**
     * Runs a network.
     *
     * @param weights all tensors, in the order of the graph
     * @param inputs {@code [images][channels][positions]}
     * @return what every node gave, {@code [images][channels][positions]} each
     */
    static double[][] run(Graph graph, float[] weights, double[] inputs, int images, Statistics statistics) {
        ReferencePass pass = new ReferencePass(graph, weights, images, statistics);
        pass.outputs[0] = inputs;
        for (int node = 1; node < graph.size(); node++) {
            pass.outputs[node] = pass.compute(graph.node(node));
        }
        return pass.outputs;
    }

    private double[] compute(Graph.Node node) {
        Operation operation = node.operation();
        double[] in = outputs[node.input()];
        Extent from = graph.node(node.input()).output();
        Extent to = node.output();
        if (operation instanceof Operation.Linear linear) {
            return linear(linear, in, from, to);
        }
        if (operation instanceof Operation.Convolution convolution) {
            return convolve(convolution, in, from, to);
        }
        if (operation instanceof Operation.Normalise normalise) {
            return normalise(normalise, in, to);
        }
        if (operation instanceof Operation.Activate activate) {
            return activate(activate.activation(), in);
        }
        if (operation instanceof Operation.Sum) {
            return sum(in, outputs[node.inputs().get(1)]);
        }
        if (operation instanceof Operation.MaxPool pool) {
            return maxPool(pool.size(), in, from, to);
        }
        if (operation instanceof Operation.MeanPool) {
            return meanPool(in, from.positions());
        }
        if (operation instanceof Operation.Tokens tokens) {
            return tokens(tokens, in, from, to);
        }
        if (operation instanceof Operation.Attention attention) {
            return attend(attention.heads(), in, to);
        }
        if (operation instanceof Operation.FirstToken) {
            return firstToken(in, from);
        }
        if (operation instanceof Operation.Flatten) {
            return in; // channel-major already
        }
        throw new IllegalArgumentException("no reference for " + operation);
    }

    private float at(TensorShape tensor, int index) {
        return weights[tensor.offset() + index];
    }

    private double[] linear(Operation.Linear linear, double[] in, Extent from, Extent to) {
        int positions = to.positions();
        double[] out = new double[images * to.size()];
        for (int image = 0; image < images; image++) {
            for (int unit = 0; unit < to.channels(); unit++) {
                int row = image * to.size() + unit * positions;
                Arrays.fill(out, row, row + positions, at(linear.bias(), unit));
                for (int c = 0; c < from.channels(); c++) {
                    double w = at(linear.weight(), unit * from.channels() + c);
                    addScaled(w, in, image * from.size() + c * positions, out, row, positions);
                }
            }
        }
        return out;
    }

    private double[] convolve(Operation.Convolution convolution, double[] in, Extent from, Extent to) {
        double[] out = new double[images * to.size()];
        int kernel = convolution.kernel();
        for (int image = 0; image < images; image++) {
            for (int unit = 0; unit < to.channels(); unit++) {
                int map = image * to.size() + unit * to.positions();
                int channel = unit;
                convolution.bias().ifPresent(bias -> Arrays.fill(out, map, map + to.positions(), at(bias, channel)));
                for (int c = 0; c < from.channels(); c++) {
                    int source = image * from.size() + c * from.positions();
                    int taps = (unit * from.channels() + c) * kernel * kernel;
                    for (int tap = 0; tap < kernel * kernel; tap++) {
                        double w = at(convolution.weight(), taps + tap);
                        addTap(w, convolution, tap, in, source, from, out, map, to);
                    }
                }
            }
        }
        return out;
    }

    /** One weight of a window, at all places of the window. */
    private static void addTap(
            double w,
            Operation.Convolution convolution,
            int tap,
            double[] in,
            int source,
            Extent from,
            double[] out,
            int map,
            Extent to) {
        int down = tap / convolution.kernel() - convolution.padding();
        int right = tap % convolution.kernel() - convolution.padding();
        for (int y = 0; y < to.height(); y++) {
            int row = y * convolution.stride() + down;
            if (row < 0 || row >= from.height()) {
                continue;
            }
            for (int x = 0; x < to.width(); x++) {
                int column = x * convolution.stride() + right;
                if (column >= 0 && column < from.width()) {
                    out[map + y * to.width() + x] += w * in[source + row * from.width() + column];
                }
            }
        }
    }

    private static void addScaled(double factor, double[] from, int source, double[] to, int target, int count) {
        for (int i = 0; i < count; i++) {
            to[target + i] += factor * from[source + i];
        }
    }

    private double[] normalise(Operation.Normalise normalise, double[] in, Extent extent) {
        double[] out = new double[in.length];
        int positions = extent.positions();
        Norm norm = normalise.norm();
        for (int image = 0; image < images; image++) {
            int start = image * extent.size();
            if (norm == Norm.LAYER) {
                for (int p = 0; p < positions; p++) {
                    normalise(in, out, start + p, positions, extent.channels());
                }
            } else if (norm == Norm.GROUP) {
                normalise(in, out, start, 1, extent.size());
            }
        }
        for (int c = 0; c < extent.channels(); c++) {
            if (norm == Norm.BATCH) {
                normaliseChannel(normalise, c, in, out, extent);
            }
            for (int image = 0; image < images; image++) {
                int start = image * extent.size() + c * positions;
                for (int p = start; p < start + positions; p++) {
                    out[p] = out[p] * at(normalise.scale(), c) + at(normalise.shift(), c);
                }
            }
        }
        return out;
    }

    private static void normalise(double[] in, double[] out, int start, int stride, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += in[start + i * stride];
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += square(in[start + i * stride] - mean);
        }
        double factor = 1 / Math.sqrt(squares / count + Norm.EPSILON);
        for (int i = 0; i < count; i++) {
            out[start + i * stride] = (in[start + i * stride] - mean) * factor;
        }
    }

    private void normaliseChannel(
            Operation.Normalise normalise, int channel, double[] in, double[] out, Extent extent) {
        Operation.Running running = normalise.running().orElseThrow();
        double mean = at(running.mean(), channel);
        double variance = at(running.variance(), channel);
        int positions = extent.positions();
        if (statistics == Statistics.BATCH) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < images * positions; i++) {
                sum += in[place(i, channel, extent)];
            }
            mean = sum / (images * positions);
            for (int i = 0; i < images * positions; i++) {
                squares += square(in[place(i, channel, extent)] - mean);
            }
            variance = squares / (images * positions);
        }
        double factor = 1 / Math.sqrt(variance + Norm.EPSILON);
        for (int i = 0; i < images * positions; i++) {
            int place = place(i, channel, extent);
            out[place] = (in[place] - mean) * factor;
        }
    }

    /** Where the i-th value of a channel stands, over all images. */
    private static int place(int i, int channel, Extent extent) {
        return i / extent.positions() * extent.size() + channel * extent.positions() + i % extent.positions();
    }

    private static double square(double value) {
        return value * value;
    }

    private static double[] activate(Operation.Activation activation, double[] in) {
        return Arrays.stream(in)
                .map(
                        activation == Operation.Activation.RELU
                                ? x -> Math.max(x, 0)
                                : x -> x * STANDARD.cumulativeProbability(x))
                .toArray();
    }

    private static double[] sum(double[] first, double[] second) {
        double[] out = first.clone();
        addScaled(1, second, 0, out, 0, out.length);
        return out;
    }

    private double[] maxPool(int size, double[] in, Extent from, Extent to) {
        double[] out = new double[images * to.size()];
        for (int i = 0; i < out.length; i++) {
            int map = i / to.positions();
            int y = i % to.positions() / to.width() * size;
            int x = i % to.width() * size;
            double largest = Double.NEGATIVE_INFINITY;
            for (int tap = 0; tap < size * size; tap++) {
                int place = map * from.positions() + (y + tap / size) * from.width() + x + tap % size;
                largest = Math.max(largest, in[place]);
            }
            out[i] = largest;
        }
        return out;
    }

    private static double[] meanPool(double[] in, int positions) {
        double[] out = new double[in.length / positions];
        for (int i = 0; i < in.length; i++) {
            out[i / positions] += in[i] / positions;
        }
        return out;
    }

    private double[] tokens(Operation.Tokens tokens, double[] in, Extent from, Extent to) {
        double[] out = new double[images * to.size()];
        int count = to.positions();
        for (int image = 0; image < images; image++) {
            for (int c = 0; c < to.channels(); c++) {
                for (int t = 0; t < count; t++) {
                    double value =
                            t == 0 ? at(tokens.first(), c) : in[image * from.size() + c * from.positions() + t - 1];
                    out[image * to.size() + c * count + t] = value + at(tokens.places(), t * to.channels() + c);
                }
            }
        }
        return out;
    }

    private double[] attend(int heads, double[] in, Extent to) {
        double[] out = new double[images * to.size()];
        int channels = to.channels() / heads;
        for (int image = 0; image < images; image++) {
            for (int head = 0; head < heads; head++) {
                int query = 3 * image * to.size() + head * channels * to.positions();
                int target = image * to.size() + head * channels * to.positions();
                attend(in, query, to.size(), channels, to.positions(), out, target);
            }
        }
        return out;
    }

    /** One head: its keys lie one third behind its queries, its values one more. */
    private static void attend(double[] in, int query, int third, int channels, int tokens, double[] out, int target) {
        int key = query + third;
        int value = key + third;
        double[] weights = new double[tokens];
        for (int t = 0; t < tokens; t++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int u = 0; u < tokens; u++) {
                weights[u] = 0;
                for (int c = 0; c < channels; c++) {
                    weights[u] += in[query + c * tokens + t] * in[key + c * tokens + u];
                }
                weights[u] /= Math.sqrt(channels);
                largest = Math.max(largest, weights[u]);
            }
            double sum = 0;
            for (int u = 0; u < tokens; u++) {
                weights[u] = Math.exp(weights[u] - largest);
                sum += weights[u];
            }
            for (int c = 0; c < channels; c++) {
                for (int u = 0; u < tokens; u++) {
                    out[target + c * tokens + t] += weights[u] / sum * in[value + c * tokens + u];
                }
            }
        }
    }

    private double[] firstToken(double[] in, Extent from) {
        double[] out = new double[images * from.channels()];
        for (int i = 0; i < out.length; i++) {
            out[i] = in[i * from.positions()];
        }
        return out;
    }
}
