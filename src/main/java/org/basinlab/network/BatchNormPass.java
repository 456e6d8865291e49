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

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/**
 * A normalisation of each channel over images and positions. A training also counts: the running mean goes a tenth of the way to
 * the batch's, the running variance to the batch's with Bessel's correction, as PyTorch's.
 */
final class BatchNormPass implements Pass {

    private static final float MOMENTUM = 0.1f;

    private final Site site;
    private final Operation.Running running;
    private final memory.desc vector;
    private final memory mean;
    private final memory variance;
    private final Floats counted;
    private final Kernel forward;
    private final List<Kernel> backward = new ArrayList<>();

    BatchNormPass(Site site, Operation.Normalise operation) {
        this.site = site;
        running = operation.running().orElseThrow();
        int channels = site.to().channels();
        vector = OneDnn.vector(channels);
        if (site.usesBatchStatistics() && site.rows() == 1) {
            throw new IllegalArgumentException("%s needs more than one value of each channel in a batch"
                    .formatted(operation.scale().name()));
        }
        counted = site.floats(2L * channels);
        mean = site.usesBatchStatistics() ? site.view(vector, counted, 0) : site.tensor(running.mean(), vector);
        variance = site.usesBatchStatistics()
                ? site.view(vector, counted, channels)
                : site.tensor(running.variance(), vector);
        OneDnn library = OneDnn.library();
        memory.desc data = OneDnn.images(site.images(), site.to());
        var plan = new batch_normalization_forward.primitive_desc(
                library.cpu(),
                dnnl.prop_kind.forward_training.value,
                data,
                data,
                (float) Norm.EPSILON,
                flags(),
                library.attributes(),
                false);
        memory scale = site.tensor(operation.scale(), vector);
        forward = site.kernel(plan, new batch_normalization_forward(plan))
                .with(DNNL_ARG_SRC, site.input(data))
                .with(DNNL_ARG_SCALE, scale)
                .with(DNNL_ARG_SHIFT, site.tensor(operation.shift(), vector))
                .with(DNNL_ARG_MEAN, mean)
                .with(DNNL_ARG_VARIANCE, variance)
                .with(DNNL_ARG_DST, site.output(data));
        if (site.goesBack()) {
            addBackward(plan, operation, scale, data);
        }
    }

    private int flags() {
        return dnnl.normalization_flags.use_scale.value
                | dnnl.normalization_flags.use_shift.value
                | (site.usesBatchStatistics() ? 0 : dnnl.normalization_flags.use_global_stats.value);
    }

    private void addBackward(
            batch_normalization_forward.primitive_desc plan,
            Operation.Normalise operation,
            memory scale,
            memory.desc data) {
        OneDnn library = OneDnn.library();
        var back = new batch_normalization_backward.primitive_desc(
                library.cpu(),
                dnnl.prop_kind.backward.value,
                data,
                data,
                data,
                (float) Norm.EPSILON,
                flags(),
                plan,
                library.attributes(),
                false);
        backward.add(site.kernel(back, new batch_normalization_backward(back))
                .with(DNNL_ARG_SRC, site.input(data))
                .with(DNNL_ARG_MEAN, mean)
                .with(DNNL_ARG_VARIANCE, variance)
                .with(DNNL_ARG_SCALE, scale)
                .with(DNNL_ARG_DIFF_DST, site.outputGradient(data))
                .with(DNNL_ARG_DIFF_SRC, site.inputGradient(data))
                .with(DNNL_ARG_DIFF_SCALE, site.gradient(operation.scale(), vector))
                .with(DNNL_ARG_DIFF_SHIFT, site.gradient(operation.shift(), vector)));
    }

    @Override
    public void forward() {
        forward.run();
        if (site.learns() && site.usesBatchStatistics()) {
            int channels = site.to().channels();
            float correction = (float) ((double) site.rows() / (site.rows() - 1));
            count(site.tensor(running.mean()), counted.floats(0, channels), 1);
            count(site.tensor(running.variance()), counted.floats(channels, channels), correction);
        }
    }

    private static void count(FloatBuffer running, FloatBuffer ofBatch, float factor) {
        for (int c = 0; c < running.limit(); c++) {
            running.put(c, (1 - MOMENTUM) * running.get(c) + MOMENTUM * (factor * ofBatch.get(c)));
        }
    }

    @Override
    public void backward() {
        backward.forEach(Kernel::run);
    }
}
