package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/** The largest value or the mean of windows that do not overlap. */
final class PoolPass implements Pass {

    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    private PoolPass(Site site, dnnl.algorithm kind, long height, long width) {
        OneDnn library = OneDnn.library();
        memory.desc source = OneDnn.images(site.images(), site.from());
        memory.desc target = OneDnn.images(site.images(), site.to());
        long[] window = {height, width};
        long[] none = {0, 0};
        var plan = new pooling_forward.primitive_desc(
                library.cpu(),
                site.goesBack() ? dnnl.prop_kind.forward_training : dnnl.prop_kind.forward_inference,
                kind,
                source,
                target,
                window,
                window,
                none,
                none,
                none,
                library.attributes(),
                false);
        forward = site.kernel(plan, new pooling_forward(plan))
                .with(DNNL_ARG_SRC, site.input(source))
                .with(DNNL_ARG_DST, site.output(target));
        if (site.goesBack()) {
            var back = new pooling_backward.primitive_desc(
                    library.cpu(),
                    kind,
                    source,
                    target,
                    window,
                    window,
                    none,
                    none,
                    none,
                    plan,
                    library.attributes(),
                    false);
            Kernel kernel = site.kernel(back, new pooling_backward(back))
                    .with(DNNL_ARG_DIFF_DST, site.outputGradient(target))
                    .with(DNNL_ARG_DIFF_SRC, site.inputGradient(source));
            if (kind == dnnl.algorithm.pooling_max) {
                memory chosen = site.memory(plan.workspace_desc());
                forward.with(DNNL_ARG_WORKSPACE, chosen);
                kernel.with(DNNL_ARG_WORKSPACE, chosen);
            }
            backward.add(kernel);
        }
    }

    static PoolPass largest(Site site, int size) {
        return new PoolPass(site, dnnl.algorithm.pooling_max, size, size);
    }

    static PoolPass meanOfAll(Site site) {
        return new PoolPass(
                site,
                dnnl.algorithm.pooling_avg_exclude_padding,
                site.from().height(),
                site.from().width());
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
