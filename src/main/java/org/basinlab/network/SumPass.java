package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** The sum of two inputs; its gradient goes to both of them. */
final class SumPass implements Pass {

    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    SumPass(Site site) {
        OneDnn library = OneDnn.library();
        memory.desc data = OneDnn.rows(site.rows(), site.to().channels());
        var plan = new binary.primitive_desc(
                library.cpu(), dnnl.algorithm.binary_add, data, data, data, library.attributes(), false);
        forward = site.kernel(plan, new binary(plan))
                .with(DNNL_ARG_SRC_0, site.input(0, data))
                .with(DNNL_ARG_SRC_1, site.input(1, data))
                .with(DNNL_ARG_DST, site.output(data));
        GraphMemory memory = site.memory();
        for (int input : site.node().inputs()) {
            if (site.goesBack() && memory.hasGradient(input) && !memory.passesGradientOn(site.index(), input)) {
                memory from = site.outputGradient(data);
                memory to = site.view(data, memory.gradient(input), 0);
                backward.add(
                        memory.writesGradientFirst(site.index(), input) ? site.reorder(from, to) : site.add(to, from));
            }
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
