package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.softmax_backward;
import org.bytedeco.dnnl.softmax_forward;

/** Scaled dot-product attention: queries, keys and values are taken apart by head, and products are of one head of one image. */
final class AttentionPass implements Pass {

    private final Site site;
    private final int heads;
    private final int channels;
    private final int tokens;
    private final memory.desc queries;
    private final memory.desc turned;
    private final memory.desc square;
    private final memory.desc squareTurned;
    private final Floats[] thirds = new Floats[3];
    private final Floats shares;
    private final Floats result;
    private final List<Kernel> forward = new ArrayList<>();
    private final List<Kernel> backward = new ArrayList<>();

    AttentionPass(Site site, Operation.Attention operation) {
        this.site = site;
        heads = operation.heads();
        channels = site.to().channels() / heads;
        tokens = site.to().positions();
        long[] byToken = {site.images(), heads, tokens, channels};
        queries = OneDnn.plain(memory.format_tag.abcd, byToken);
        turned = OneDnn.plain(memory.format_tag.abdc, site.images(), heads, channels, tokens);
        square = OneDnn.plain(memory.format_tag.abcd, site.images(), heads, tokens, tokens);
        squareTurned = OneDnn.plain(memory.format_tag.abdc, site.images(), heads, tokens, tokens);
        long values = (long) site.images() * site.to().size();
        for (int third = 0; third < 3; third++) {
            thirds[third] = site.floats(values);
        }
        shares = site.floats((long) site.images() * heads * tokens * tokens);
        result = site.floats(values);
        addForward();
        if (site.goesBack()) {
            addBackward();
        }
    }

    private memory.desc third() {
        int row = 3 * heads * channels;
        return OneDnn.strided(
                new long[] {site.images(), heads, tokens, channels},
                new long[] {(long) tokens * row, channels, row, 1});
    }

    private memory.desc whole() {
        int row = heads * channels;
        return OneDnn.strided(
                new long[] {site.images(), heads, tokens, channels},
                new long[] {(long) tokens * row, channels, row, 1});
    }

    private void addForward() {
        Floats input = site.memory().output(site.node().input());
        for (int third = 0; third < 3; third++) {
            forward.add(site.reorder(
                    site.view(third(), input, third * heads * channels), site.view(queries, thirds[third], 0)));
        }
        memory scores = site.view(square, shares, 0);
        forward.add(scaled(site.view(queries, thirds[0], 0), site.view(turned, thirds[1], 0), scores));
        var plan = softmax();
        forward.add(site.kernel(plan, new softmax_forward(plan))
                .with(DNNL_ARG_SRC, scores)
                .with(DNNL_ARG_DST, scores));
        forward.add(LinearPass.product(site, scores, site.view(queries, thirds[2], 0), site.view(queries, result, 0)));
        forward.add(site.reorder(site.view(queries, result, 0), site.output(whole())));
    }

    private softmax_forward.primitive_desc softmax() {
        OneDnn library = OneDnn.library();
        return new softmax_forward.primitive_desc(
                library.cpu(),
                dnnl.prop_kind.forward_training,
                dnnl.algorithm.softmax_accurate,
                square,
                square,
                3,
                library.attributes(),
                false);
    }

    /** result ← left · right / √channels. */
    private Kernel scaled(memory left, memory right, memory to) {
        OneDnn library = OneDnn.library();
        post_ops scaling = new post_ops();
        scaling.append_eltwise(dnnl.algorithm.eltwise_linear, (float) (1 / Math.sqrt(channels)), 0);
        primitive_attr attributes = new primitive_attr();
        attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
        attributes.set_post_ops(scaling);
        var plan = new matmul.primitive_desc(
                library.cpu(), left.get_desc(), right.get_desc(), to.get_desc(), attributes, false);
        return site.kernel(plan, new matmul(plan))
                .with(DNNL_ARG_SRC, left)
                .with(DNNL_ARG_WEIGHTS, right)
                .with(DNNL_ARG_DST, to);
    }

    private void addBackward() {
        OneDnn library = OneDnn.library();
        memory byResult = site.view(queries, result, 0); // the result itself is not needed any more
        backward.add(site.reorder(site.outputGradient(whole()), byResult));
        Floats squares = site.floats((long) site.images() * heads * tokens * tokens);
        memory byShares = site.view(square, squares, 0);
        Floats[] gradients = new Floats[3];
        for (int third = 0; third < 3; third++) {
            gradients[third] = site.floats((long) site.images() * site.to().size());
        }
        backward.add(LinearPass.product(
                site, site.view(squareTurned, shares, 0), byResult, site.view(queries, gradients[2], 0)));
        backward.add(LinearPass.product(site, byResult, site.view(turned, thirds[2], 0), byShares));
        var plan = softmax();
        var back = new softmax_backward.primitive_desc(
                library.cpu(),
                dnnl.algorithm.softmax_accurate,
                square,
                square,
                square,
                3,
                plan,
                library.attributes(),
                false);
        backward.add(site.kernel(back, new softmax_backward(back))
                .with(DNNL_ARG_DST, site.view(square, shares, 0))
                .with(DNNL_ARG_DIFF_DST, byShares)
                .with(DNNL_ARG_DIFF_SRC, byShares));
        backward.add(scaled(byShares, site.view(queries, thirds[1], 0), site.view(queries, gradients[0], 0)));
        backward.add(scaled(
                site.view(squareTurned, squares, 0),
                site.view(queries, thirds[0], 0),
                site.view(queries, gradients[1], 0)));
        for (int third = 0; third < 3; third++) {
            backward.add(site.reorder(
                    site.view(queries, gradients[third], 0),
                    site.inputGradientPart(third(), third * heads * channels)));
        }
    }

    @Override
    public void forward() {
        forward.forEach(Kernel::run);
    }

    @Override
    public void backward() {
        backward.forEach(Kernel::run);
    }
}
