package org.basinlab.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.memory;

/** The passes of all nodes of a network at one number of images, forwards and backwards. */
final class GraphProgram implements AutoCloseable {

    private final Site.Surroundings around;
    private final Graph graph;
    /** Of the nodes 1, 2, … */
    private final List<Pass> passes = new ArrayList<>();
    /** What adds to a gradient that another node has written, after each node's pass. */
    private final List<Optional<Kernel>> additions = new ArrayList<>();

    private final memory batch;
    private final Kernel takeBatch;
    private final Optional<memory> batchGradient;
    private final Optional<Kernel> giveBatchGradient;
    private int packedVersion = -1;

    GraphProgram(Site.Surroundings around) {
        this.around = around;
        GraphMemory memory = around.memory();
        graph = memory.graph();
        try {
            memory.desc outside = OneDnn.channelMajor(around.images(), graph.input());
            memory.desc inside = OneDnn.images(around.images(), graph.input());
            Site first = new Site(around, 0);
            batch = around.natives().memory(outside, memory.output(0), 0); // moved before every use
            takeBatch = first.reorder(batch, first.output(inside));
            boolean gives = memory.purpose() == Purpose.INPUT_GRADIENTS;
            batchGradient =
                    gives ? Optional.of(around.natives().memory(outside, memory.gradient(0), 0)) : Optional.empty();
            giveBatchGradient = batchGradient.map(to -> first.reorder(first.outputGradient(inside), to));
            for (int node = 1; node < graph.size(); node++) {
                Site site = new Site(around, node);
                passes.add(passOf(site));
                additions.add(additionOf(site));
            }
            provideScratchpad();
        } catch (RuntimeException | Error e) {
            around.natives().close(); // nobody else can: this was never made
            throw e;
        }
    }

    private static Pass passOf(Site site) {
        Operation operation = site.node().operation();
        if (operation instanceof Operation.Linear linear) {
            return new LinearPass(site, linear);
        }
        if (operation instanceof Operation.Convolution convolution) {
            return new ConvolutionPass(site, convolution);
        }
        if (operation instanceof Operation.Normalise normalise) {
            return normalisation(site, normalise);
        }
        if (operation instanceof Operation.Activate activate) {
            return new ActivatePass(site, activate.activation());
        }
        if (operation instanceof Operation.MaxPool pool) {
            return PoolPass.largest(site, pool.size());
        }
        if (operation instanceof Operation.Tokens tokens) {
            return new TokensPass(site, tokens);
        }
        if (operation instanceof Operation.Attention attention) {
            return new AttentionPass(site, attention);
        }
        return withoutSettings(site, operation);
    }

    private static Pass normalisation(Site site, Operation.Normalise normalise) {
        if (normalise.norm() == Norm.LAYER) {
            return new LayerNormPass(site, normalise);
        }
        return normalise.norm() == Norm.BATCH ? new BatchNormPass(site, normalise) : new GroupNormPass(site, normalise);
    }

    private static Pass withoutSettings(Site site, Operation operation) {
        if (operation instanceof Operation.Sum) {
            return new SumPass(site);
        }
        if (operation instanceof Operation.MeanPool) {
            return PoolPass.meanOfAll(site);
        }
        if (operation instanceof Operation.Flatten) {
            return new FlattenPass(site);
        }
        if (operation instanceof Operation.FirstToken) {
            return new FirstTokenPass(site);
        }
        throw new IllegalArgumentException("no pass for " + operation);
    }

    private Optional<Kernel> additionOf(Site site) {
        GraphMemory memory = around.memory();
        int input = site.node().input();
        if (site.node().operation() instanceof Operation.Sum
                || !site.passesBack()
                || memory.writesGradientFirst(site.index(), input)) {
            return Optional.empty();
        }
        memory.desc data = OneDnn.images(around.images(), site.from());
        return Optional.of(site.add(site.view(data, memory.gradient(input), 0), site.view(data, memory.addend(), 0)));
    }

    /** One piece of memory serves all primitives: they run one after another. */
    private void provideScratchpad() {
        long largest = 0;
        for (memory scratchpad : around.scratchpads()) {
            largest = Math.max(largest, scratchpad.get_desc().get_size());
        }
        if (largest > 0) {
            Floats place = around.natives().floats((largest + Float.BYTES - 1) / Float.BYTES);
            around.scratchpads().forEach(scratchpad -> scratchpad.set_data_handle(place.at(0)));
        }
    }

    int images() {
        return around.images();
    }

    GraphMemory memory() {
        return around.memory();
    }

    /** Computes the images that lie in {@code inputs} from {@code offset} on, channel-major. */
    void forward(Floats inputs, int offset) {
        if (packedVersion != around.tensors().version()) {
            passes.forEach(Pass::pack);
            packedVersion = around.tensors().version();
        }
        batch.set_data_handle(inputs.at(offset));
        takeBatch.run();
        passes.forEach(Pass::forward);
    }

    /** Goes back from what was written as the gradient by the logits. */
    void backward() {
        for (int i = passes.size() - 1; i >= 0; i--) {
            passes.get(i).backward();
            additions.get(i).ifPresent(Kernel::run);
        }
    }

    /** Writes the gradient by the inputs, channel-major, from {@code offset} on. */
    void giveInputGradient(Floats into, int offset) {
        batchGradient.orElseThrow().set_data_handle(into.at(offset));
        giveBatchGradient.orElseThrow().run();
    }

    @Override
    public void close() {
        around.natives().close();
    }
}
