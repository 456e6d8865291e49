package org.basinlab.evaluation;

import java.util.Arrays;
import java.util.List;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TensorShape;

/**
 * Networks of one architecture that answer by one linear layer of the mean of what their last layers take. Features are
 * float32; their mean, and the layer, are in float64, logits rounded to float32 once.
 */
final class FeatureMean {

    private final List<Weights> networks;
    private final Ensemble.Factors factors;
    private final int width;
    private final int classes;
    /** {@code [classes][width]}, then {@code [classes]}. */
    private final double[] head;

    private FeatureMean(List<Weights> networks, Ensemble.Factors factors) {
        this.networks = networks;
        this.factors = factors;
        Graph graph = architecture(networks).graph();
        Operation.Linear last = last(graph);
        width = last.weight().axes().get(1);
        classes = last.weight().axes().get(0);
        head = new double[classes * (width + 1)];
        for (int k = 0; k < networks.size(); k++) {
            add(networks.get(k), last.weight(), factors.headWeights()[k], 0);
            add(networks.get(k), last.bias(), factors.headBiases()[k], classes * width);
        }
    }

    private void add(Weights network, TensorShape tensor, double factor, int to) {
        for (int i = 0; i < tensor.size() && factor != 0; i++) {
            head[to + i] += factor * network.at(tensor.offset() + i);
        }
    }

    /** Runs the networks over all examples in their order. */
    static void over(
            List<Weights> networks,
            Ensemble.Factors factors,
            Examples examples,
            Progress progress,
            Answering.Visitor visitor) {
        FeatureMean mean = new FeatureMean(networks, factors);
        try (Features features = Features.of(architecture(networks), examples)) {
            mean.over(features, examples, progress, visitor);
        }
    }

    private void over(Features features, Examples examples, Progress progress, Answering.Visitor visitor) {
        for (int from = 0; from < examples.count(); from += features.batch()) {
            int images = Math.min(features.batch(), examples.count() - from);
            double[] sum = new double[images * width];
            features.take(from, images);
            for (int k = 0; k < networks.size(); k++) {
                float[] own = features.of(networks.get(k), images);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += factors.outputs()[k] * own[i];
                }
            }
            int[] labels = new int[images];
            for (int i = 0; i < images; i++) {
                labels[i] = label(examples, from + i);
            }
            visitor.visit(from, labels, logits(sum, images));
            progress.at((double) (from + images) / examples.count());
        }
    }

    private int label(Examples examples, int index) {
        int label = examples.label(index);
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException(
                    "the label of example %d must lie in [0, %d], was %d".formatted(index, classes - 1, label));
        }
        return label;
    }

    private float[] logits(double[] sum, int images) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= networks.size();
        }
        double[] weight = Arrays.copyOf(head, classes * width);
        double[] products = Products.timesTransposed(images, classes, width, sum, weight);
        float[] logits = new float[products.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (products[i] + head[classes * width + i % classes]);
        }
        return logits;
    }

    private static Architecture architecture(List<Weights> networks) {
        Architecture first = networks.get(0).architecture();
        for (Weights network : networks) {
            if (!network.architecture().equals(first)) {
                throw new IllegalArgumentException(
                        "networks whose features are averaged must have one architecture, were %s and %s"
                                .formatted(first.label(), network.architecture().label()));
            }
        }
        return first;
    }

    /** The layer that gives the logits. */
    static Operation.Linear last(Graph graph) {
        if (graph.node(graph.logits()).operation() instanceof Operation.Linear last) {
            return last;
        }
        throw new IllegalArgumentException("a network must end in a linear layer to have features, ends in "
                + graph.node(graph.logits()).operation());
    }
}
