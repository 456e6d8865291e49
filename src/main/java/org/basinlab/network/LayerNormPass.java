package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.layer_normalization_backward;
import org.bytedeco.dnnl.layer_normalization_forward;
import org.bytedeco.dnnl.memory;

/** A normalisation of the channels at every position. */
final class LayerNormPass implements Pass {

    private static final int SCALED_AND_SHIFTED =
            dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value;

    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    LayerNormPass(Site site, Operation.Normalise operation) {
        OneDnn library = OneDnn.library();
        memory.desc data = OneDnn.rows(site.rows(), site.to().channels());
        memory.desc statistics = OneDnn.vector(site.rows());
        memory.desc vector = OneDnn.vector(site.to().channels());
        var plan = new layer_normalization_forward.primitive_desc(
                library.cpu(),
                dnnl.prop_kind.forward_training.value,
                data,
                data,
                statistics,
                (float) Norm.EPSILON,
                SCALED_AND_SHIFTED,
                library.attributes(),
                false);
        memory mean = site.memory(statistics);
        memory variance = site.memory(statistics);
        memory scale = site.tensor(operation.scale(), vector);
        memory shift = site.tensor(operation.shift(), vector);
        forward = site.kernel(plan, new layer_normalization_forward(plan))
                .with(DNNL_ARG_SRC, site.input(data))
                .with(DNNL_ARG_SCALE, scale)
                .with(DNNL_ARG_SHIFT, shift)
                .with(DNNL_ARG_MEAN, mean)
                .with(DNNL_ARG_VARIANCE, variance)
                .with(DNNL_ARG_DST, site.output(data));
        if (site.goesBack()) {
            var back = new layer_normalization_backward.primitive_desc(
                    library.cpu(),
                    dnnl.prop_kind.backward.value,
                    data,
                    data,
                    data,
                    statistics,
                    (float) Norm.EPSILON,
                    SCALED_AND_SHIFTED,
                    plan,
                    library.attributes(),
                    false);
            backward.add(site.kernel(back, new layer_normalization_backward(back))
                    .with(DNNL_ARG_SRC, site.input(data))
                    .with(DNNL_ARG_MEAN, mean)
                    .with(DNNL_ARG_VARIANCE, variance)
                    .with(DNNL_ARG_SCALE, scale)
                    .with(DNNL_ARG_SHIFT, shift)
                    .with(DNNL_ARG_DIFF_DST, site.outputGradient(data))
                    .with(DNNL_ARG_DIFF_SRC, site.inputGradient(data))
                    .with(DNNL_ARG_DIFF_SCALE, site.gradient(operation.scale(), vector))
                    .with(DNNL_ARG_DIFF_SHIFT, site.gradient(operation.shift(), vector)));
        }
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
