package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.TensorShape;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.Pointer;

/** Where a node of a network stands: what its pass reads and writes, at one number of images. */
final class Site {

    /** What all nodes of one pass share. */
    record Surroundings(
            GraphMemory memory,
            FlatTensors tensors,
            Optional<Floats> gradients,
            int images,
            ReferencePass.Statistics statistics,
            Natives natives,
            List<memory> scratchpads) {

        Surroundings(
                GraphMemory memory,
                FlatTensors tensors,
                Optional<Floats> gradients,
                int images,
                ReferencePass.Statistics statistics) {
            this(memory, tensors, gradients, images, statistics, new Natives(), new ArrayList<>());
        }
    }

    private final Surroundings around;
    private final int index;

    Site(Surroundings around, int index) {
        this.around = around;
        this.index = index;
    }

    Graph.Node node() {
        return around.memory.graph().node(index);
    }

    int images() {
        return around.images;
    }

    /** Size of its first input. */
    Extent from() {
        return around.memory.graph().node(node().input()).output();
    }

    /** Size of its output. */
    Extent to() {
        return node().output();
    }

    /** Positions of its output, of all images. */
    int rows() {
        return images() * to().positions();
    }

    boolean usesBatchStatistics() {
        return around.statistics == ReferencePass.Statistics.BATCH;
    }

    /** Whether it goes back at all. */
    boolean goesBack() {
        return around.memory.purpose().goesBack();
    }

    /** Whether the gradient by its tensors is wanted. */
    boolean learns() {
        return around.memory.purpose() == Purpose.WEIGHT_GRADIENTS;
    }

    /** Whether the gradient by its first input is wanted. */
    boolean passesBack() {
        return goesBack() && around.memory.hasGradient(node().input());
    }

    GraphMemory memory() {
        return around.memory;
    }

    int index() {
        return index;
    }

    memory input(memory.desc layout) {
        return input(0, layout);
    }

    memory input(int which, memory.desc layout) {
        return view(layout, around.memory.output(node().inputs().get(which)), 0);
    }

    memory output(memory.desc layout) {
        return view(layout, around.memory.output(index), 0);
    }

    memory outputGradient(memory.desc layout) {
        return view(layout, around.memory.gradient(index), 0);
    }

    /** Where to write the gradient by the only input; what is to be added to another gradient is added by the program. */
    memory inputGradient(memory.desc layout) {
        return inputGradientPart(layout, 0);
    }

    /** The same, from a value of its first row on. */
    memory inputGradientPart(memory.desc layout, int offset) {
        return view(layout, inputGradient(), offset);
    }

    private Floats inputGradient() {
        int input = node().input();
        return around.memory.writesGradientFirst(index, input) ? around.memory.gradient(input) : around.memory.addend();
    }

    FloatBuffer inputFloats() {
        return around.memory.output(node().input()).floats(0, images() * from().size());
    }

    FloatBuffer outputFloats() {
        return around.memory.output(index).floats(0, images() * to().size());
    }

    FloatBuffer outputGradientFloats() {
        return around.memory.gradient(index).floats(0, images() * to().size());
    }

    FloatBuffer inputGradientFloats() {
        return inputGradient().floats(0, images() * from().size());
    }

    memory tensor(TensorShape tensor, memory.desc layout) {
        return view(layout, around.tensors.values(), tensor.offset());
    }

    FloatBuffer tensor(TensorShape tensor) {
        return around.tensors.floats(tensor);
    }

    /** Where to write the gradient by a tensor: a place that nobody reads, where it is not wanted. */
    memory gradient(TensorShape tensor, memory.desc layout) {
        if (!learns()) {
            return memory(layout);
        }
        return view(layout, around.gradients.orElseThrow(), tensor.offset());
    }

    FloatBuffer gradient(TensorShape tensor) {
        return around.gradients.orElseThrow().floats(tensor.offset(), tensor.size());
    }

    /** Memory of its own. */
    memory memory(memory.desc layout) {
        return around.natives.memory(layout);
    }

    /** Memory of its own. */
    Floats floats(long count) {
        return around.natives.floats(count);
    }

    memory view(memory.desc layout, Floats floats, int offset) {
        return around.natives.memory(layout, floats, offset);
    }

    /** A primitive that is given its operands next. */
    Kernel kernel(primitive_desc_base plan, primitive function) {
        Kernel kernel = new Kernel(around.natives, function);
        memory.desc layout = plan.scratchpad_desc();
        if (layout.get_size() > 0) {
            memory scratchpad =
                    around.natives.own(new memory(layout, OneDnn.library().cpu(), (Pointer) null));
            around.scratchpads.add(scratchpad);
            kernel.with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD, scratchpad);
        }
        return kernel;
    }

    /** A copy from one layout to another. */
    Kernel reorder(memory from, memory to) {
        OneDnn library = OneDnn.library();
        var plan = new org.bytedeco.dnnl.reorder.primitive_desc(
                library.cpu(), from.get_desc(), library.cpu(), to.get_desc(), library.attributes(), false);
        return kernel(plan, new org.bytedeco.dnnl.reorder(plan))
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM, from)
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO, to);
    }

    /** first ← first + second. */
    Kernel add(memory first, memory second) {
        OneDnn library = OneDnn.library();
        var plan = new org.bytedeco.dnnl.binary.primitive_desc(
                library.cpu(),
                org.bytedeco.dnnl.global.dnnl.algorithm.binary_add,
                first.get_desc(),
                second.get_desc(),
                first.get_desc(),
                library.attributes(),
                false);
        return kernel(plan, new org.bytedeco.dnnl.binary(plan))
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0, first)
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1, second)
                .with(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST, first);
    }
}
