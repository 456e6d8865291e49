package org.basinlab.matching;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.Weights;
import org.basinlab.recipe.TensorShape;

/**
 * Sums over all parameters of a network b and the mean of others, without buffers, in float64, in blocks of {@value #BLOCK}, so that their
 * error stays near 10⁻¹⁵ of the sum of magnitudes. Equal values in the same order give equal sums.
 *
 * @param inner ⟨mean, b⟩
 * @param distance ‖mean − b‖₂
 */
public record Sums(double inner, double distance) {

    private static final int BLOCK = 1024;

    /**
     * The sums of {@code b} and the mean of {@code others}, which is not rounded.
     *
     * @param others at least one, of b's architecture
     */
    public static Sums of(List<Weights> others, Weights b) {
        List<FloatBuffer> buffers = others.stream().map(Weights::flat).toList();
        FloatBuffer values = b.flat();
        float[] own = new float[BLOCK];
        float[] other = new float[BLOCK];
        double[] mean = new double[BLOCK];
        double inner = 0;
        double squares = 0;
        for (Range range : parameters(b)) {
            for (int start = range.from(); start < range.to(); start += BLOCK) {
                int count = Math.min(BLOCK, range.to() - start);
                fillMean(buffers, start, count, other, mean);
                values.get(start, own, 0, count);
                double blockInner = 0;
                double blockSquares = 0;
                for (int i = 0; i < count; i++) {
                    double difference = mean[i] - own[i];
                    blockInner += mean[i] * own[i];
                    blockSquares += difference * difference;
                }
                inner += blockInner;
                squares += blockSquares;
            }
        }
        return new Sums(inner, Math.sqrt(squares));
    }

    private record Range(int from, int to) {}

    /** Stretches of the flat weights without buffers between them. */
    private static List<Range> parameters(Weights weights) {
        List<Range> ranges = new ArrayList<>();
        int from = 0;
        for (TensorShape shape : weights.architecture().tensors()) {
            if (!shape.isParameter()) {
                ranges.add(new Range(from, shape.offset()));
                from = shape.offset() + shape.size();
            }
        }
        ranges.add(new Range(from, weights.size()));
        return ranges;
    }

    private static void fillMean(List<FloatBuffer> buffers, int start, int count, float[] values, double[] mean) {
        for (int k = 0; k < buffers.size(); k++) {
            buffers.get(k).get(start, values, 0, count);
            for (int i = 0; i < count; i++) {
                mean[i] = k == 0 ? values[i] : mean[i] + values[i];
            }
        }
        if (buffers.size() > 1) {
            for (int i = 0; i < count; i++) {
                mean[i] /= buffers.size();
            }
        }
    }
}
