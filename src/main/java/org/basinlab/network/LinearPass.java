package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;

/** A linear map of the channels at every position: products of matrices whose rows are the positions. */
final class LinearPass implements Pass {

    private final Kernel forward;
    private final List<Runnable> backward = new ArrayList<>();

    LinearPass(Site site, Operation.Linear operation) {
        int rows = site.rows();
        int in = site.from().channels();
        int out = site.to().channels();
        memory.desc source = OneDnn.rows(rows, in);
        memory.desc target = OneDnn.rows(rows, out);
        memory.desc bias = OneDnn.rows(1, out);
        OneDnn library = OneDnn.library();
        var plan = new matmul.primitive_desc(
                library.cpu(), source, OneDnn.columns(in, out), bias, target, library.attributes(), false);
        forward = site.kernel(plan, new matmul(plan))
                .with(DNNL_ARG_SRC, site.input(source))
                .with(DNNL_ARG_WEIGHTS, site.tensor(operation.weight(), OneDnn.columns(in, out)))
                .with(DNNL_ARG_BIAS, site.tensor(operation.bias(), bias))
                .with(DNNL_ARG_DST, site.output(target));
        if (site.learns()) {
            memory.desc turned = OneDnn.columns(out, rows);
            memory.desc weight = OneDnn.rows(out, in);
            backward.add(product(
                    site, site.outputGradient(turned), site.input(source), site.gradient(operation.weight(), weight)));
            Columns columns = new Columns(out);
            backward.add(() -> columns.sum(site.outputGradientFloats(), site.gradient(operation.bias())));
        }
        if (site.passesBack()) {
            backward.add(product(
                    site,
                    site.outputGradient(target),
                    site.tensor(operation.weight(), OneDnn.rows(out, in)),
                    site.inputGradient(source)));
        }
    }

    /** result ← left · right. */
    static Kernel product(Site site, memory left, memory right, memory result) {
        OneDnn library = OneDnn.library();
        var plan = new matmul.primitive_desc(
                library.cpu(), left.get_desc(), right.get_desc(), result.get_desc(), library.attributes(), false);
        return site.kernel(plan, new matmul(plan))
                .with(DNNL_ARG_SRC, left)
                .with(DNNL_ARG_WEIGHTS, right)
                .with(DNNL_ARG_DST, result);
    }

    @Override
    public void forward() {
        forward.run();
    }

    @Override
    public void backward() {
        backward.forEach(Runnable::run);
    }
}
