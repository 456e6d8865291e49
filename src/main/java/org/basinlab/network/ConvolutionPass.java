package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** A convolution; its weights are laid out as oneDNN wants them for this number of images. */
final class ConvolutionPass implements Pass {

    private final Site site;
    private final Operation.Convolution operation;
    private final memory.desc source;
    private final memory.desc target;
    private final memory.desc anyWeight;
    private final long[] strides;
    private final long[] before;
    private final long[] after;
    private final convolution_forward.primitive_desc plan;
    private final List<Kernel> packing = new ArrayList<>();
    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    ConvolutionPass(Site site, Operation.Convolution operation) {
        this.site = site;
        this.operation = operation;
        source = OneDnn.images(site.images(), site.from());
        target = OneDnn.images(site.images(), site.to());
        anyWeight = weight(memory.format_tag.any);
        strides = new long[] {operation.stride(), operation.stride()};
        before = new long[] {operation.padding(), operation.padding()};
        after = new long[] {
            lastPadding(site.from().height(), site.to().height()),
            lastPadding(site.from().width(), site.to().width())
        };
        plan = plan();
        memory weight = site.memory(plan.weights_desc());
        packing.add(site.reorder(stored(), weight));
        forward = site.kernel(plan, new convolution_forward(plan))
                .with(DNNL_ARG_SRC, site.input(source))
                .with(DNNL_ARG_WEIGHTS, weight)
                .with(DNNL_ARG_DST, site.output(target));
        operation.bias().ifPresent(bias -> forward.with(DNNL_ARG_BIAS, site.tensor(bias, vector())));
        if (site.learns()) {
            addWeightGradient();
        }
        if (site.passesBack()) {
            addInputGradient(weight);
        }
    }

    /** What the last window reaches beyond the edge; an edge that no window reaches is left out. */
    private long lastPadding(int from, int to) {
        return Math.max(0, (to - 1L) * operation.stride() + operation.kernel() - from - operation.padding());
    }

    private memory.desc weight(memory.format_tag order) {
        return OneDnn.plain(
                order,
                operation.weight().axes().stream().mapToLong(Integer::longValue).toArray());
    }

    private memory stored() {
        return site.tensor(operation.weight(), weight(memory.format_tag.oihw));
    }

    private memory.desc vector() {
        return OneDnn.vector(site.to().channels());
    }

    private convolution_forward.primitive_desc plan() {
        OneDnn library = OneDnn.library();
        dnnl.prop_kind kind = site.goesBack() ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference;
        dnnl.algorithm direct = dnnl.algorithm.convolution_direct;
        if (operation.bias().isEmpty()) {
            return new convolution_forward.primitive_desc(
                    library.cpu(),
                    kind,
                    direct,
                    source,
                    anyWeight,
                    target,
                    strides,
                    before,
                    after,
                    library.attributes(),
                    false);
        }
        return new convolution_forward.primitive_desc(
                library.cpu(),
                kind,
                direct,
                source,
                anyWeight,
                vector(),
                target,
                strides,
                before,
                after,
                library.attributes(),
                false);
    }

    private void addWeightGradient() {
        OneDnn library = OneDnn.library();
        dnnl.algorithm direct = dnnl.algorithm.convolution_direct;
        boolean biased = operation.bias().isPresent();
        var back = biased
                ? new convolution_backward_weights.primitive_desc(
                        library.cpu(),
                        direct,
                        source,
                        anyWeight,
                        vector(),
                        target,
                        strides,
                        before,
                        after,
                        plan,
                        library.attributes(),
                        false)
                : new convolution_backward_weights.primitive_desc(
                        library.cpu(),
                        direct,
                        source,
                        anyWeight,
                        target,
                        strides,
                        before,
                        after,
                        plan,
                        library.attributes(),
                        false);
        memory gradient = site.memory(back.diff_weights_desc());
        Kernel kernel = site.kernel(back, new convolution_backward_weights(back))
                .with(DNNL_ARG_SRC, site.input(source))
                .with(DNNL_ARG_DIFF_DST, site.outputGradient(target))
                .with(DNNL_ARG_DIFF_WEIGHTS, gradient);
        operation.bias().ifPresent(bias -> kernel.with(DNNL_ARG_DIFF_BIAS, site.gradient(bias, vector())));
        backward.add(kernel);
        backward.add(site.reorder(gradient, site.gradient(operation.weight(), weight(memory.format_tag.oihw))));
    }

    private void addInputGradient(memory weightForward) {
        OneDnn library = OneDnn.library();
        var back = new convolution_backward_data.primitive_desc(
                library.cpu(),
                dnnl.algorithm.convolution_direct,
                source,
                anyWeight,
                target,
                strides,
                before,
                after,
                plan,
                library.attributes(),
                false);
        memory weight = weightForward;
        if (!back.weights_desc().equals(plan.weights_desc())) {
            weight = site.memory(back.weights_desc());
            packing.add(site.reorder(stored(), weight));
        }
        backward.add(site.kernel(back, new convolution_backward_data(back))
                .with(DNNL_ARG_DIFF_DST, site.outputGradient(target))
                .with(DNNL_ARG_WEIGHTS, weight)
                .with(DNNL_ARG_DIFF_SRC, site.inputGradient(source)));
    }

    @Override
    public void pack() {
        packing.forEach(Kernel::run);
    }

    @Override
    public void forward() {
        forward.run();
    }

    @Override
    public void backward() {
        backward.forEach(Kernel::run);
    }
}
