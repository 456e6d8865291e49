package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.TensorShape;

/**
 * A perceptron in float64 loops with its normalisation inside, and attacks written from their definitions: what the
 * batched ones are compared with. A point is what the attack's space says, pixels or inputs.
 */
final class PlainNetwork {

    private final List<TensorShape> tensors;
    private final Weights weights;
    private final NormalisedImages images;
    private final boolean pixels;

    PlainNetwork(Weights weights, NormalisedImages images, InputSpace space) {
        this.weights = weights;
        this.images = images;
        tensors = weights.architecture().tensors();
        pixels = space == InputSpace.PIXEL;
    }

    double[] point(int image) {
        float[] inputs = new float[images.inputs()];
        images.fill(new int[] {image}, 0, 1, FloatBuffer.wrap(inputs));
        double[] point = new double[inputs.length];
        for (int j = 0; j < point.length; j++) {
            point[j] = pixels ? Math.round((inputs[j] * std(j) + mean(j)) * 255) / 255.0 : inputs[j];
        }
        return point;
    }

    private double mean(int j) {
        return images.constants().mean().get(j * images.constants().mean().size() / images.inputs());
    }

    private double std(int j) {
        return images.constants().std().get(j * images.constants().std().size() / images.inputs());
    }

    /** Point as the network takes it, every hidden layer after its rectifier, logits. */
    private double[][] layers(double[] point) {
        double[][] layers = new double[tensors.size() / 2 + 1][];
        layers[0] = new double[point.length];
        for (int j = 0; j < point.length; j++) {
            layers[0][j] = pixels ? (point[j] - mean(j)) / std(j) : point[j];
        }
        for (int l = 1; l < layers.length; l++) {
            TensorShape weight = tensors.get(2 * l - 2);
            TensorShape bias = tensors.get(2 * l - 1);
            int in = weight.axes().get(1);
            layers[l] = new double[weight.axes().get(0)];
            for (int o = 0; o < layers[l].length; o++) {
                double sum = weights.at(bias.offset() + o);
                for (int i = 0; i < in; i++) {
                    sum += weights.at(weight.offset() + o * in + i) * layers[l - 1][i];
                }
                layers[l][o] = l + 1 < layers.length ? Math.max(0, sum) : sum;
            }
        }
        return layers;
    }

    double[] logits(double[] point) {
        double[][] layers = layers(point);
        return layers[layers.length - 1];
    }

    int predicted(double[] point) {
        double[] logits = logits(point);
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            best = logits[c] > logits[best] ? c : best;
        }
        return best;
    }

    boolean isRight(double[] point, int image) {
        return predicted(point) == images.label(image);
    }

    /** The gradient of a weighted sum of the logits by the point. */
    double[] gradient(double[] point, double[] ofLogits) {
        double[][] layers = layers(point);
        double[] delta = ofLogits;
        for (int l = layers.length - 1; l >= 1; l--) {
            TensorShape weight = tensors.get(2 * l - 2);
            double[] before = new double[layers[l - 1].length];
            for (int o = 0; o < delta.length; o++) {
                for (int i = 0; i < before.length; i++) {
                    boolean open = l == 1 || layers[l - 1][i] > 0;
                    before[i] += open ? delta[o] * weights.at(weight.offset() + o * before.length + i) : 0;
                }
            }
            delta = before;
        }
        for (int j = 0; j < delta.length; j++) {
            delta[j] /= pixels ? std(j) : 1;
        }
        return delta;
    }

    /** Of the cross-entropy. */
    double[] lossGradient(double[] point, int label) {
        double[] logits = logits(point);
        double most = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(z -> Math.exp(z - most)).sum();
        double[] ofLogits = new double[logits.length];
        for (int c = 0; c < logits.length; c++) {
            ofLogits[c] = Math.exp(logits[c] - most) / sum - (c == label ? 1 : 0);
        }
        return gradient(point, ofLogits);
    }

    double[] clipped(double[] point) {
        return pixels
                ? Arrays.stream(point).map(x -> Math.max(0, Math.min(1, x))).toArray()
                : point;
    }

    double[] fgsm(int image, double epsilon) {
        double[] point = point(image);
        double[] gradient = lossGradient(point, images.label(image));
        for (int j = 0; j < point.length; j++) {
            point[j] += epsilon * Math.signum(gradient[j]);
        }
        return clipped(point);
    }

    /** The accumulated change with its overshoot, found in at most 50 iterations. */
    double[] deepFool(int image, boolean largestNorm, double overshoot) {
        double[] start = point(image);
        int home = predicted(start);
        double[] change = new double[start.length];
        double[] point = start;
        for (int iteration = 0; iteration < 50 && predicted(point) == home; iteration++) {
            double[] logits = logits(point);
            double least = Double.POSITIVE_INFINITY;
            double[] step = {};
            for (int c = 0; c < logits.length; c++) {
                if (c != home) {
                    double[] ofLogits = new double[logits.length];
                    ofLogits[c] = 1;
                    ofLogits[home] = -1;
                    double[] w = gradient(point, ofLogits);
                    double norm = largestNorm
                            ? Arrays.stream(w).map(Math::abs).sum()
                            : Math.sqrt(Arrays.stream(w).map(x -> x * x).sum());
                    double ratio = Math.abs(logits[c] - logits[home]) / norm;
                    if (ratio < least) {
                        least = ratio;
                        step = Arrays.stream(w)
                                .map(x -> largestNorm ? ratio * Math.signum(x) : ratio * x / norm)
                                .toArray();
                    }
                }
            }
            point = new double[start.length];
            for (int j = 0; j < point.length; j++) {
                change[j] += step[j];
                point[j] = start[j] + (1 + overshoot) * change[j];
            }
        }
        return Arrays.stream(change).map(r -> (1 + overshoot) * r).toArray();
    }
}
