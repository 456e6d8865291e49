package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.Set;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.GraphPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;

/**
 * What the last layer of a network takes, for a batch of examples at a time: memory for one network of an architecture,
 * taken once. Of a perceptron its last hidden layer after the rectifier; the inputs where it has no hidden layer.
 */
final class Features implements AutoCloseable {

    private static final int BATCH_OF_GRAPH = 100;

    /** Of a perceptron with hidden layers: all but its last layer. */
    private final Optional<ForwardPass> body;

    /** Of any other network. */
    private final Optional<GraphPass> graph;

    private final Architecture architecture;
    private final Examples examples;
    private final int[] order;
    private final int batch;
    private final float[] inputs;

    private Features(Architecture architecture, Examples examples) {
        this.architecture = architecture;
        this.examples = examples;
        if (examples.inputs() != architecture.inputs()) {
            throw new IllegalArgumentException("%s takes %d inputs, the examples have %d"
                    .formatted(architecture.label(), architecture.inputs(), examples.inputs()));
        }
        Optional<Architecture.Mlp> before = before(architecture);
        boolean plain = before.isPresent() || isLinear(architecture);
        batch = Math.min(plain ? Tally.BATCH : BATCH_OF_GRAPH, examples.count());
        body = before.map(part -> new ForwardPass(part, batch));
        graph = plain
                ? Optional.empty()
                : Optional.of(new GraphPass(architecture.graph(), Set.of(node(architecture.graph())), batch));
        inputs = new float[batch * examples.inputs()];
        order = new int[examples.count()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
    }

    static Features of(Architecture architecture, Examples examples) {
        return new Features(architecture, examples);
    }

    /** The perceptron that gives the last hidden layer; a layer of one unit is none, as one class is none. */
    private static Optional<Architecture.Mlp> before(Architecture architecture) {
        if (!(architecture instanceof Architecture.Mlp mlp) || mlp.hidden().isEmpty()) {
            return Optional.empty();
        }
        int last = mlp.hidden().size() - 1;
        return mlp.hidden().get(last) < 2
                ? Optional.empty()
                : Optional.of(new Architecture.Mlp(
                        mlp.inputs(),
                        mlp.hidden().subList(0, last),
                        mlp.hidden().get(last)));
    }

    private static boolean isLinear(Architecture architecture) {
        return architecture instanceof Architecture.Mlp mlp && mlp.hidden().isEmpty();
    }

    private static int node(Graph graph) {
        return graph.node(graph.logits()).input();
    }

    /** Examples at a time. */
    int batch() {
        return batch;
    }

    /** Takes the examples from {@code from} on as the batch. */
    void take(int from, int images) {
        examples.fill(
                order,
                from,
                images,
                FloatBuffer.wrap(inputs, 0, images * examples.inputs()).slice());
    }

    /** Of the batch, {@code [images][features]}; to be read before the next call. */
    float[] of(Weights network, int images) {
        if (isLinear(architecture)) {
            return inputs;
        }
        if (graph.isPresent()) {
            return ofGraph(graph.get(), network, images);
        }
        ForwardPass pass = body.orElseThrow();
        float[] own = new float[pass.architecture().parameterCount()];
        network.flat().get(own); // its first layers come first
        pass.load(Weights.owning(pass.architecture(), own));
        pass.inputs(images).put(inputs, 0, images * examples.inputs());
        pass.run(images);
        float[] features = new float[images * pass.architecture().classes()];
        pass.logits(images).get(features);
        for (int i = 0; i < features.length; i++) {
            features[i] = Math.max(features[i], 0);
        }
        return features;
    }

    private float[] ofGraph(GraphPass pass, Weights network, int images) {
        pass.load(network.copy());
        pass.inputs(images).put(inputs, 0, images * examples.inputs());
        pass.run(images);
        Graph layers = architecture.graph();
        float[] features = new float[images * layers.node(node(layers)).output().size()];
        pass.output(node(layers), images).get(features);
        return features;
    }

    @Override
    public void close() {
        body.ifPresent(ForwardPass::close);
        graph.ifPresent(GraphPass::close);
    }
}
