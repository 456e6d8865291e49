package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.NoiseShape;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/** Random noise on inputs: normal or uniform, clipped to [0, 1] in pixel space, not at all in normalised space. */
public final class InputNoise {

    private final MetricRequest.InputNoise request;
    private final NormalisedImages images;
    private final long seed;
    private final double[] sizes;
    private final Originals originals;
    private final float[] noise;
    private final List<List<BitSet>> correct = new ArrayList<>();

    private InputNoise(MetricRequest.InputNoise request, NormalisedImages images, long seed, int batch) {
        this.request = request;
        this.images = images;
        this.seed = seed;
        sizes = Checks.sizes(request.sizes().values());
        originals = new Originals(images, request.space(), batch);
        noise = new float[batch * images.inputs()];
        for (int i = 0; i < sizes.length; i++) {
            correct.add(Stream.generate(BitSet::new).limit(request.draws()).toList());
        }
    }

    /**
     * Accuracy at every size and draw. The noise of an image in a draw comes from the seed, the number of the draw and that
     * of the image: it is the same for every network and in batches of any size, and noise of another size is the same
     * noise multiplied.
     *
     * @throws IllegalArgumentException if the images have another number of pixels than the network has inputs, or too high
     *     a label
     */
    public static NoiseResult of(
            MetricRequest.InputNoise request, Weights weights, NormalisedImages images, long seed, Progress progress) {
        int batch = Math.min(Tally.BATCH, images.count());
        InputNoise work = new InputNoise(request, images, seed, batch);
        try (ForwardPass network = ForwardPass.of(weights, batch)) {
            work.run(network, batch, progress);
        }
        return new NoiseResult(request.sizes().values(), work.correct, images.count());
    }

    private void run(ForwardPass network, int batch, Progress progress) {
        int[] order = Answering.inOrder(images.count());
        for (int from = 0; from < order.length; from += batch) {
            int count = Math.min(batch, order.length - from);
            int[] labels = Answering.labels(images, order, from, count);
            network.take(images, order, from, count); // for its checks
            originals.take(order, from, count);
            for (int draw = 0; draw < request.draws(); draw++) {
                draw(draw, from, count);
                for (int size = 0; size < sizes.length; size++) {
                    answer(network, (float) sizes[size], count);
                    Answering.mark(
                            network.logits(count),
                            labels,
                            count,
                            correct.get(size).get(draw),
                            from);
                }
                progress.at((from + count * (draw + 1.0) / request.draws()) / order.length);
            }
        }
    }

    private void answer(ForwardPass network, float size, int count) {
        FloatBuffer inputs = network.inputs(count);
        for (int i = 0; i < count; i++) {
            originals.put(i, noise, i * images.inputs(), size, inputs, i);
        }
        network.run(count);
    }

    /** Noise of size 1 for the images from {@code first} on. */
    private void draw(int draw, int first, int count) {
        int width = images.inputs();
        for (int i = 0; i < count; i++) {
            RandomGenerator random = Seeds.generator(Seeds.derive(seed, "input-noise", draw, first + i));
            if (request.shape() == NoiseShape.GAUSSIAN) {
                fillGaussian(noise, i * width, width, random);
            } else {
                fillUniform(noise, i * width, width, random);
            }
        }
    }

    /** Independent values of mean 0 and deviation 1. */
    static void fillGaussian(float[] values, int at, int count, RandomGenerator random) {
        for (int j = at; j < at + count; j++) {
            values[j] = (float) random.nextGaussian();
        }
    }

    /** Independent values, uniform on [−1, 1). */
    static void fillUniform(float[] values, int at, int count, RandomGenerator random) {
        for (int j = at; j < at + count; j++) {
            values[j] = 2 * random.nextFloat() - 1;
        }
    }
}
