package org.basinlab.attack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/** Normal noise on weights: W + σ·‖W‖_F/√n·N for each trained tensor of n values, biases as tensors of their own. */
public final class WeightNoise {

    private WeightNoise() {}

    /**
     * Accuracy at every σ and draw. N comes from the seed, the number of the draw and the place of the tensor: it is the same
     * for all networks of one architecture, and for every σ.
     *
     * @throws IllegalArgumentException if the images have another number of pixels than the network has inputs, or too high
     *     a label
     */
    public static NoiseResult of(
            MetricRequest.WeightNoise request, Weights weights, NormalisedImages images, long seed, Progress progress) {
        double[] sizes = Checks.sizes(request.sizes().values());
        List<List<BitSet>> correct = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            correct.add(new ArrayList<>());
        }
        double done = 0;
        try (ForwardPass network = ForwardPass.of(weights, Math.min(Tally.BATCH, images.count()))) {
            for (int draw = 0; draw < request.draws(); draw++) {
                float[] noise = noise(weights, seed, draw);
                for (int size = 0; size < sizes.length; size++) {
                    network.load(noisy(weights, noise, sizes[size]));
                    correct.get(size).add(Answering.clean(network, images));
                    progress.at(++done / (request.draws() * sizes.length));
                }
            }
        }
        return new NoiseResult(request.sizes().values(), correct, images.count());
    }

    /** ‖W‖_F/√n·N of every tensor. */
    private static float[] noise(Weights weights, long seed, int draw) {
        float[] noise = new float[weights.size()];
        List<TensorShape> tensors = weights.architecture().tensors();
        for (int t = 0; t < tensors.size(); t++) {
            TensorShape tensor = tensors.get(t);
            if (!tensor.isParameter()) {
                continue; // its place keeps its number, so that the others' draws do not depend on it
            }
            int end = tensor.offset() + tensor.size();
            InputNoise.fillGaussian(
                    noise,
                    tensor.offset(),
                    tensor.size(),
                    Seeds.generator(Seeds.derive(seed, "weight-noise", draw, t)));
            double squares = 0;
            for (int i = tensor.offset(); i < end; i++) {
                squares += (double) weights.at(i) * weights.at(i);
            }
            float deviation = (float) Math.sqrt(squares / tensor.size());
            for (int i = tensor.offset(); i < end; i++) {
                noise[i] *= deviation;
            }
        }
        return noise;
    }

    private static Weights noisy(Weights weights, float[] noise, double size) {
        float[] values = weights.copy();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) size * noise[i];
        }
        return Weights.owning(weights.architecture(), values);
    }
}
