package org.basinlab.network;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.group_normalization_forward;
import org.bytedeco.dnnl.memory;

/**
 * A normalisation of all values of an image. Backwards by loops of our own: oneDNN has only its reference for this, a hundred
 * times slower.
 */
final class GroupNormPass implements Pass {

    private final Site site;
    private final Operation.Normalise operation;
    private final Floats statistics;
    private final Kernel forward;
    private final int channels;
    private final float[] inputs;
    private final float[] gradients;
    private final float[] shiftSums;
    private final float[] scaleSums;
    private final float[] factors;
    private final float[] scale;
    private final double[] scaleGradient;
    private final double[] shiftGradient;

    GroupNormPass(Site site, Operation.Normalise operation) {
        this.site = site;
        this.operation = operation;
        OneDnn library = OneDnn.library();
        channels = site.to().channels();
        int images = site.images();
        memory.desc data = OneDnn.images(images, site.to());
        memory.desc vector = OneDnn.vector(channels);
        memory.desc ofImages = OneDnn.rows(images, 1);
        var plan = new group_normalization_forward.primitive_desc(
                library.cpu(),
                dnnl.prop_kind.forward_training.value,
                data,
                data,
                1,
                (float) Norm.EPSILON,
                dnnl.normalization_flags.use_scale.value | dnnl.normalization_flags.use_shift.value,
                library.attributes(),
                false);
        statistics = site.floats(2L * images);
        forward = site.kernel(plan, new group_normalization_forward(plan))
                .with(DNNL_ARG_SRC, site.input(data))
                .with(DNNL_ARG_SCALE, site.tensor(operation.scale(), vector))
                .with(DNNL_ARG_SHIFT, site.tensor(operation.shift(), vector))
                .with(DNNL_ARG_MEAN, site.view(ofImages, statistics, 0))
                .with(DNNL_ARG_VARIANCE, site.view(ofImages, statistics, images))
                .with(DNNL_ARG_DST, site.output(data));
        int chunk = Columns.chunkOf(channels);
        inputs = new float[chunk];
        gradients = new float[chunk];
        shiftSums = new float[chunk];
        scaleSums = new float[chunk];
        factors = new float[chunk];
        scale = new float[channels];
        scaleGradient = new double[channels];
        shiftGradient = new double[channels];
    }

    @Override
    public void forward() {
        forward.run();
    }

    /**
     * With x̂ = (x − mean)/deviation, n values of an image and g = scale · (gradient by the output): the gradient by x is
     * (g − Σg/n − x̂ · Σgx̂/n) / deviation; the sums are those of the channels, which the scale and shift need too.
     */
    @Override
    public void backward() {
        site.tensor(operation.scale()).get(0, scale);
        Arrays.fill(scaleGradient, 0);
        Arrays.fill(shiftGradient, 0);
        FloatBuffer source = site.inputFloats();
        FloatBuffer target = site.outputGradientFloats();
        FloatBuffer result = site.inputGradientFloats();
        for (int image = 0; image < site.images(); image++) {
            backward(image, source, target, result);
        }
        if (site.learns()) {
            FloatBuffer byScale = site.gradient(operation.scale());
            FloatBuffer byShift = site.gradient(operation.shift());
            for (int c = 0; c < channels; c++) {
                byScale.put(c, (float) scaleGradient[c]);
                byShift.put(c, (float) shiftGradient[c]);
            }
        }
    }

    private void backward(int image, FloatBuffer source, FloatBuffer target, FloatBuffer result) {
        int size = site.to().size();
        float mean = statistics.floats().get(image);
        double inverse = 1 / Math.sqrt(statistics.floats().get(site.images() + image) + Norm.EPSILON);
        sumChannels(image * size, size, mean, source, target);
        double sum = 0;
        double sumWithInput = 0;
        for (int c = 0; c < channels; c++) {
            double byScale = scaleSums[c] * inverse;
            shiftGradient[c] += shiftSums[c];
            scaleGradient[c] += byScale;
            sum += scale[c] * shiftSums[c];
            sumWithInput += scale[c] * byScale;
        }
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (scale[i % channels] * inverse);
        }
        float slope = (float) (-sumWithInput / size * inverse * inverse);
        float constant = (float) (-sum / size * inverse);
        for (int from = 0; from < size; from += factors.length) {
            int n = Math.min(factors.length, size - from);
            source.get(image * size + from, inputs, 0, n);
            target.get(image * size + from, gradients, 0, n);
            combine(gradients, factors, inputs, mean, slope, constant, n);
            result.put(image * size + from, gradients, 0, n);
        }
    }

    /** The sums over positions of the gradient, and of the gradient times the input without its mean. */
    private void sumChannels(int start, int size, float mean, FloatBuffer source, FloatBuffer target) {
        Arrays.fill(shiftSums, 0);
        Arrays.fill(scaleSums, 0);
        for (int from = 0; from < size; from += shiftSums.length) {
            int n = Math.min(shiftSums.length, size - from);
            source.get(start + from, inputs, 0, n);
            target.get(start + from, gradients, 0, n);
            addProducts(shiftSums, scaleSums, gradients, inputs, mean, n);
        }
        Columns.fold(shiftSums, channels);
        Columns.fold(scaleSums, channels);
    }

    private static void addProducts(
            float[] sums, float[] products, float[] gradients, float[] inputs, float mean, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] += gradients[i];
            products[i] += gradients[i] * (inputs[i] - mean);
        }
    }

    private static void combine(
            float[] gradients, float[] factors, float[] inputs, float mean, float slope, float constant, int n) {
        for (int i = 0; i < n; i++) {
            gradients[i] = gradients[i] * factors[i] + (inputs[i] - mean) * slope + constant;
        }
    }
}
