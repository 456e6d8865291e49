package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.TensorShape;

/** Backpropagation of the mean cross-entropy through any network, then the update of all its parameters. */
final class GraphLearning implements Learning {

    /** Parameters that lie side by side, without buffers between them. */
    private record Range(int offset, int size) {}

    private final GraphNetwork network;
    private final Graph graph;
    private final UpdateRule rule;
    private final Natives natives = new Natives();
    private final Floats gradient;
    private final GraphPrograms programs;
    private final List<Range> parameters;
    private Tally seen = Tally.NONE;
    private int steps;

    GraphLearning(GraphNetwork network, int mostImages, UpdateRule rule) {
        this.network = network;
        this.rule = rule;
        graph = network.graph();
        parameters = parametersOf(graph);
        try {
            gradient = natives.floats(network.tensors().values().floats().capacity());
            programs = natives.own(new GraphPrograms(
                    graph,
                    Purpose.WEIGHT_GRADIENTS,
                    Set.of(),
                    mostImages,
                    network.tensors(),
                    Optional.of(gradient),
                    ReferencePass.Statistics.BATCH));
        } catch (RuntimeException | Error e) {
            natives.close(); // nobody else can: this was never made
            throw e;
        }
    }

    private static List<Range> parametersOf(Graph graph) {
        List<Range> ranges = new ArrayList<>();
        for (TensorShape tensor : graph.tensors()) {
            if (!tensor.isParameter()) {
                continue;
            }
            int last = ranges.size() - 1;
            if (last >= 0 && ranges.get(last).offset + ranges.get(last).size == tensor.offset()) {
                ranges.set(last, new Range(ranges.get(last).offset, ranges.get(last).size + tensor.size()));
            } else {
                ranges.add(new Range(tensor.offset(), tensor.size()));
            }
        }
        return ranges;
    }

    @Override
    public void step(int[] labels, int images, double rate) {
        OneDnn.library().useOneThread();
        GraphProgram program = programs.of(images);
        program.forward(network.inputs(), 0);
        int values = images * graph.node(graph.logits()).output().size();
        FloatBuffer logits = programs.memory().output(graph.logits()).floats(0, values);
        FloatBuffer delta = programs.memory().gradient(graph.logits()).floats(0, values);
        Tally batch = CrossEntropy.withGradient(logits, labels, images, delta);
        steps++;
        if (!Double.isFinite(batch.lossSum())) {
            throw new LossNotFinite(batch.lossSum(), steps);
        }
        seen = seen.plus(batch);
        program.backward();
        rule.begin(rate);
        for (Range range : parameters) {
            rule.change(
                    network.tensors().values().floats(range.offset, range.size),
                    gradient.floats(range.offset, range.size),
                    range.offset);
        }
        network.tensors().changed();
    }

    /** The gradient of the last step, laid out as the weights; that of buffers is nothing. */
    FloatBuffer gradient() {
        return gradient.floats().asReadOnlyBuffer();
    }

    @Override
    public Tally seen() {
        return seen;
    }

    @Override
    public void countFrom(Tally before) {
        seen = before;
        steps = 0;
    }

    @Override
    public int memories() {
        return rule.memory().size();
    }

    @Override
    public List<float[]> memory() {
        return rule.memory().stream().map(float[]::clone).toList();
    }

    @Override
    public int updates() {
        return rule.steps();
    }

    @Override
    public void resume(int updates, List<float[]> memory) {
        rule.resume(updates, memory);
    }

    @Override
    public void close() {
        natives.close();
    }
}
