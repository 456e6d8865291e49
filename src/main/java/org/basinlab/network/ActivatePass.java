package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** A function of each value, over the values themselves where nobody else needs them. */
final class ActivatePass implements Pass {

    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    ActivatePass(Site site, Operation.Activation activation) {
        OneDnn library = OneDnn.library();
        boolean rectifies = activation == Operation.Activation.RELU;
        memory.desc data = OneDnn.rows(site.rows(), site.to().channels());
        var plan = new eltwise_forward.primitive_desc(
                library.cpu(),
                dnnl.prop_kind.forward_training,
                rectifies ? dnnl.algorithm.eltwise_relu : dnnl.algorithm.eltwise_gelu_erf,
                data,
                data,
                library.attributes(),
                false);
        forward = site.kernel(plan, new eltwise_forward(plan))
                .with(DNNL_ARG_SRC, site.input(data))
                .with(DNNL_ARG_DST, site.output(data));
        if (site.goesBack()) {
            var back = new eltwise_backward.primitive_desc(
                    library.cpu(),
                    rectifies ? dnnl.algorithm.eltwise_relu_use_dst_for_bwd : dnnl.algorithm.eltwise_gelu_erf,
                    data,
                    data,
                    data,
                    rectifies ? rectifierByOutput(data) : plan,
                    library.attributes(),
                    false);
            Kernel kernel = site.kernel(back, new eltwise_backward(back))
                    .with(DNNL_ARG_DIFF_DST, site.outputGradient(data))
                    .with(DNNL_ARG_DIFF_SRC, site.inputGradient(data));
            backward.add(
                    rectifies
                            ? kernel.with(DNNL_ARG_DST, site.output(data))
                            : kernel.with(DNNL_ARG_SRC, site.input(data)));
        }
    }

    private static eltwise_forward.primitive_desc rectifierByOutput(memory.desc data) {
        return new eltwise_forward.primitive_desc(
                OneDnn.library().cpu(),
                dnnl.prop_kind.forward_training,
                dnnl.algorithm.eltwise_relu_use_dst_for_bwd,
                data,
                data);
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
