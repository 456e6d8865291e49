package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.TensorShape;

/**
 * Any network on oneDNN. Weights lie as in a file; what flows lies {@code [images][positions][channels]}, in which oneDNN is as
 * fast as in layouts of its own and every normalisation is one over rows. Large batches are computed some images at a time.
 */
final class GraphNetwork implements LoadedNetwork {

    /** Images that are computed at once where they are independent: the outputs of early nodes stay near the caches. */
    static final int SLICE = 50;

    private final Graph graph;
    private final Set<Integer> kept;
    private final int mostImages;
    private final OneDnn library = OneDnn.library();
    private final Natives natives = new Natives();
    private final FlatTensors tensors;
    private final Floats inputs;
    private final Map<Integer, Floats> outputs = new HashMap<>();
    private Optional<GraphPrograms> slices = Optional.empty();
    private Optional<GraphPrograms> batches = Optional.empty();

    /** @param kept nodes whose outputs can be read after a run, beside the logits */
    GraphNetwork(Graph graph, Set<Integer> kept, int mostImages) {
        this.graph = graph;
        this.kept = Set.copyOf(kept);
        this.mostImages = mostImages;
        int values = graph.tensors().stream().mapToInt(TensorShape::size).sum();
        try {
            tensors = natives.own(new FlatTensors(values));
            inputs = natives.floats((long) mostImages * graph.input().size());
            outputs.put(graph.logits(), natives.floats(room(graph.logits())));
            for (int node : kept) {
                outputs.computeIfAbsent(node, index -> natives.floats(room(index)));
            }
        } catch (RuntimeException | Error e) {
            natives.close(); // nobody else can: this was never made
            throw e;
        }
    }

    private long room(int node) {
        return (long) mostImages * graph.node(node).output().size();
    }

    Graph graph() {
        return graph;
    }

    FlatTensors tensors() {
        return tensors;
    }

    Floats inputs() {
        return inputs;
    }

    @Override
    public void load(FloatBuffer values) {
        tensors.values().floats().put(values);
        tensors.changed();
    }

    @Override
    public void read(float[] values) {
        tensors.values().floats().get(values);
    }

    @Override
    public FloatBuffer inputs(int images) {
        return inputs.floats(0, images * graph.input().size());
    }

    @Override
    public void run(int images) {
        library.useOneThread();
        if (slices.isEmpty()) {
            slices = Optional.of(programs(Math.min(SLICE, mostImages), ReferencePass.Statistics.RUNNING));
        }
        for (int from = 0; from < images; from += SLICE) {
            compute(slices.get().of(Math.min(SLICE, images - from)), from);
        }
    }

    /** The same, every BatchNorm by the mean and variance of this batch. */
    void runByBatch(int images) {
        library.useOneThread();
        if (batches.isEmpty()) {
            batches = Optional.of(programs(mostImages, ReferencePass.Statistics.BATCH));
        }
        compute(batches.get().of(images), 0);
    }

    private GraphPrograms programs(int most, ReferencePass.Statistics statistics) {
        return natives.own(
                new GraphPrograms(graph, Purpose.OUTPUTS, kept, most, tensors, Optional.empty(), statistics));
    }

    private void compute(GraphProgram program, int from) {
        program.forward(inputs, from * graph.input().size());
        outputs.forEach((node, whole) -> {
            int size = graph.node(node).output().size();
            FloatBuffer ofSlice = program.memory().output(node).floats(0, program.images() * size);
            whole.floats(from * size, program.images() * size).put(ofSlice);
        });
    }

    @Override
    public FloatBuffer logits(int images) {
        return output(graph.logits(), images);
    }

    /** What a node gave in the last run, {@code [images][positions][channels]}. */
    FloatBuffer output(int node, int images) {
        Floats whole = outputs.get(node);
        if (whole == null) {
            throw new IllegalArgumentException(
                    "the output of node %d is not among those kept, %s".formatted(node, kept));
        }
        return whole.floats(0, images * graph.node(node).output().size());
    }

    @Override
    public Learning learning(int mostOfBatch, Optimiser optimiser, Optional<Penalty> penalty) {
        int values = tensors.values().floats().capacity();
        return new GraphLearning(this, mostOfBatch, UpdateRule.of(optimiser, penalty, values));
    }

    @Override
    public Backward backward(int mostRows) {
        return new GraphBackward(this, mostRows);
    }

    @Override
    public void close() {
        natives.close();
    }
}
