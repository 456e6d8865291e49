package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.Set;
import org.basinlab.recipe.Graph;

/** Some images at a time: forwards once more, with everything kept, and then backwards for every block. */
final class GraphBackward implements Backward {

    private final GraphNetwork network;
    private final Graph graph;
    private final Natives natives = new Natives();
    private final Floats logitGradients;
    private final Floats inputGradients;
    private final GraphPrograms programs;

    GraphBackward(GraphNetwork network, int mostRows) {
        this.network = network;
        graph = network.graph();
        try {
            logitGradients = natives.floats((long) mostRows * classes());
            inputGradients = natives.floats((long) mostRows * graph.input().size());
            programs = natives.own(new GraphPrograms(
                    graph,
                    Purpose.INPUT_GRADIENTS,
                    Set.of(),
                    Math.min(GraphNetwork.SLICE, mostRows),
                    network.tensors(),
                    Optional.empty(),
                    ReferencePass.Statistics.RUNNING));
        } catch (RuntimeException | Error e) {
            natives.close(); // nobody else can: this was never made
            throw e;
        }
    }

    private int classes() {
        return graph.node(graph.logits()).output().size();
    }

    @Override
    public FloatBuffer logitGradients(int images, int blocks) {
        return logitGradients.floats(0, blocks * images * classes());
    }

    @Override
    public void run(int images, int blocks) {
        OneDnn.library().useOneThread();
        int classes = classes();
        int inputs = graph.input().size();
        for (int from = 0; from < images; from += GraphNetwork.SLICE) {
            int count = Math.min(GraphNetwork.SLICE, images - from);
            GraphProgram program = programs.of(count);
            program.forward(network.inputs(), from * inputs);
            FloatBuffer delta = programs.memory().gradient(graph.logits()).floats(0, count * classes);
            for (int block = 0; block < blocks; block++) {
                int row = block * images + from;
                delta.put(0, logitGradients.floats(row * classes, count * classes), 0, count * classes);
                program.backward();
                program.giveInputGradient(inputGradients, row * inputs);
            }
        }
    }

    @Override
    public FloatBuffer inputGradients(int images, int blocks) {
        return inputGradients.floats(0, blocks * images * graph.input().size());
    }

    @Override
    public void close() {
        natives.close();
    }
}
