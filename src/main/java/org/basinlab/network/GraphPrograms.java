package org.basinlab.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.basinlab.recipe.Graph;

/** The programs of one network for one purpose: a few numbers of images follow each other, and share memory. */
final class GraphPrograms implements AutoCloseable {

    /** A batch, the rest of a pass over a data set, and one more. */
    private static final int KEPT = 3;

    private final GraphMemory memory;
    private final FlatTensors tensors;
    private final Optional<Floats> gradients;
    private final ReferencePass.Statistics statistics;
    private final Deque<GraphProgram> programs = new ArrayDeque<>();

    /**
     * With memory for up to so many images.
     *
     * @param gradients where the gradients by the tensors are written, laid out as these, where they are wanted
     */
    GraphPrograms(
            Graph graph,
            Purpose purpose,
            Set<Integer> kept,
            int mostImages,
            FlatTensors tensors,
            Optional<Floats> gradients,
            ReferencePass.Statistics statistics) {
        this.tensors = tensors;
        this.gradients = gradients;
        this.statistics = statistics;
        memory = new GraphMemory(graph, purpose, kept, mostImages);
    }

    GraphMemory memory() {
        return memory;
    }

    /** The program for so many images. */
    GraphProgram of(int images) {
        for (GraphProgram program : programs) {
            if (program.images() == images) {
                programs.remove(program);
                programs.push(program);
                return program;
            }
        }
        if (programs.size() == KEPT) {
            programs.removeLast().close();
        }
        programs.push(new GraphProgram(new Site.Surroundings(memory, tensors, gradients, images, statistics)));
        return programs.element();
    }

    @Override
    public void close() {
        programs.forEach(GraphProgram::close);
        programs.clear();
        memory.close();
    }
}
