package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.InputGradients;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.Progress;

/**
 * Steps of several sizes along the sign of one gradient. A pixel is one of 256 levels and its sign one of three, so the
 * network's input is looked up in a table of 768 numbers made anew for every size: perturbing, clipping and normalising
 * take one pass over the batch, as reading it does.
 */
final class SignSteps {

    private static final int LEVELS = 256;
    private static final int SIGNS = 3;
    /** Of all finite numbers' bits without the sign the largest. */
    private static final int FINITE = Float.floatToRawIntBits(Float.MAX_VALUE);

    private final NormalisedImages images;
    private final InputSpace space;
    private final double[] sizes;
    private final double[] extraSizes;
    private final int checked;
    private final BitSet clean = new BitSet();
    private final List<BitSet> correct;
    private final List<BitSet> extra;
    private int withoutGradient;

    /** Of one batch: level + 256 · (0 without a gradient, 1 up, 2 down). */
    private final short[] codes;

    private final float[] pixels;
    private final float[] row;

    private SignSteps(NormalisedImages images, InputSpace space, double[] sizes, double[] extraSizes) {
        this.images = images;
        this.space = space;
        this.sizes = sizes;
        this.extraSizes = extraSizes;
        int batch = Math.min(Tally.BATCH, images.count());
        checked = batch;
        correct = Stream.generate(BitSet::new).limit(sizes.length).toList();
        extra = Stream.generate(BitSet::new).limit(extraSizes.length).toList();
        codes = new short[batch * images.inputs()];
        row = new float[images.inputs()];
        pixels = new float[codes.length];
    }

    /**
     * Takes them.
     *
     * @param sizes of the steps; those of 0 are the clean answers
     * @param extraSizes of steps on the first batch only, 0 too as a step
     */
    static SignSteps of(
            Weights weights,
            NormalisedImages images,
            InputSpace space,
            double[] sizes,
            double[] extraSizes,
            Progress progress) {
        SignSteps steps = new SignSteps(images, space, sizes, extraSizes);
        steps.run(weights, progress);
        return steps;
    }

    private void run(Weights weights, Progress progress) {
        int[] order = Answering.inOrder(images.count());
        try (ForwardPass network = ForwardPass.of(weights, checked);
                InputGradients gradients = new InputGradients(network, checked)) {
            for (int from = 0; from < order.length; from += checked) {
                int count = Math.min(checked, order.length - from);
                int[] labels = Answering.labels(images, order, from, count);
                network.take(images, order, from, count);
                network.run(count);
                Answering.mark(network.logits(count), labels, count, clean, from);
                encode(gradients.ofLoss(labels, count), order, from, count);
                for (int i = 0; i < sizes.length; i++) {
                    if (sizes[i] > 0) {
                        step(network, sizes[i], labels, count, correct.get(i), from);
                    }
                }
                for (int i = 0; from == 0 && i < extraSizes.length; i++) {
                    step(network, extraSizes[i], labels, count, extra.get(i), from);
                }
                progress.at((double) (from + count) / order.length);
            }
        }
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0) {
                correct.get(i).or(clean);
            }
        }
    }

    private void encode(FloatBuffer gradients, int[] order, int from, int count) {
        int width = row.length;
        images.images().fill(order, from, count, Originals.levels(images), FloatBuffer.wrap(pixels, 0, count * width));
        for (int i = 0; i < count; i++) {
            gradients.get(i * width, row);
            withoutGradient += encode(row, pixels, codes, i * width) ? 0 : 1;
        }
    }

    /**
     * Without a branch, which a CPU would guess wrong half of the time; says whether any sign is not 0. A gradient with a NaN
     * or an infinity has no signs.
     */
    private static boolean encode(float[] gradient, float[] pixels, short[] codes, int at) {
        int any = 0;
        int excess = 0;
        for (int j = 0; j < gradient.length; j++) {
            int bits = Float.floatToRawIntBits(gradient[j]);
            int magnitude = bits & Integer.MAX_VALUE;
            int some = -magnitude >>> 31;
            int sign = some + (some & bits >>> 31);
            any |= some;
            excess |= FINITE - magnitude;
            codes[at + j] = (short) ((int) (pixels[at + j] * (LEVELS - 1) + 0.5f) | sign << 8);
        }
        if (excess < 0) {
            for (int j = at; j < at + gradient.length; j++) {
                codes[j] &= LEVELS - 1;
            }
            return false;
        }
        return any != 0;
    }

    private void step(ForwardPass network, double size, int[] labels, int count, BitSet into, int first) {
        float[][] tables = tables(size);
        int plane = row.length / tables.length;
        FloatBuffer inputs = network.inputs(count);
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < tables.length; c++) {
                look(tables[c], codes, i * row.length + c * plane, row, c * plane, plane);
            }
            inputs.put(i * row.length, row);
        }
        network.run(count);
        Answering.mark(network.logits(count), labels, count, into, first);
    }

    private static void look(float[] table, short[] codes, int from, float[] row, int to, int count) {
        for (int j = 0; j < count; j++) {
            row[to + j] = table[codes[from + j]];
        }
    }

    /** What the network takes of each code, {@code [channels][768]}; of a step of 0 the very bits of the image. */
    private float[][] tables(double size) {
        List<Double> means = images.constants().mean();
        float[][] tables = new float[means.size()][SIGNS * LEVELS];
        for (int c = 0; c < tables.length; c++) {
            double mean = means.get(c);
            double std = images.constants().std().get(c);
            for (int sign = 0; sign < SIGNS; sign++) {
                double step = sign == 0 ? 0 : sign == 1 ? size : -size;
                for (int level = 0; level < LEVELS; level++) {
                    double pixel = level / (LEVELS - 1.0);
                    tables[c][sign * LEVELS + level] = (float)
                            (space == InputSpace.PIXEL
                                    ? (Math.max(0, Math.min(1, pixel + step)) - mean) / std
                                    : (pixel - mean) / std + step);
                }
            }
        }
        return tables;
    }

    /** Images that were classified as their label as they are. */
    BitSet clean() {
        return clean;
    }

    /** The same after each step. */
    List<BitSet> correct() {
        return correct;
    }

    /** The same after each extra step, of the first {@link #checked} images. */
    List<BitSet> extra() {
        return extra;
    }

    /** How many images the extra steps were taken on. */
    int checked() {
        return checked;
    }

    /** Images whose gradient by every input was exactly 0, or not finite by one. */
    int withoutGradient() {
        return withoutGradient;
    }
}
