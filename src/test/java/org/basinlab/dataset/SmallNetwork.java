package org.basinlab.dataset;

import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/**
 * A perceptron with one hidden layer of ReLU, or none, trained by Adam at 0.001 on batches of 100: enough to measure
 * how hard a data set is, and independent of the rooms that train in earnest.
 */
final class SmallNetwork {

    private static final int BATCH = 100;
    private static final int CLASSES = 10;

    private final int inputs;
    private final int hidden;
    private final float[][] parameters;
    private final float[][] gradients;
    private final float[][] first;
    private final float[][] second;
    private int steps;

    /** @param hidden the width of the hidden layer; 0 for a linear classifier (softmax regression) */
    SmallNetwork(int inputs, int hidden, long seed) {
        this.inputs = inputs;
        this.hidden = hidden;
        RandomGenerator random = Seeds.generator(seed);
        int features = hidden == 0 ? inputs : hidden;
        parameters = new float[][] {
            uniform(hidden * inputs, inputs, random),
            uniform(hidden, Math.max(1, inputs), random),
            uniform(CLASSES * features, features, random),
            uniform(CLASSES, features, random)
        };
        gradients = zerosLike(parameters);
        first = zerosLike(parameters);
        second = zerosLike(parameters);
    }

    void train(float[][] images, int[] labels, int epochs, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = Seeds.shuffled(images.length, random);
            for (int from = 0; from < order.length; from += BATCH) {
                for (int i = from; i < from + BATCH; i++) {
                    learn(images[order[i]], labels[order[i]]);
                }
                step();
            }
        }
    }

    /** The share of the images whose largest logit is their label's. */
    double accuracy(float[][] images, int[] labels) {
        int right = 0;
        for (int image = 0; image < images.length; image++) {
            float[] logits = logits(features(images[image]));
            int best = 0;
            for (int label = 1; label < CLASSES; label++) {
                best = logits[label] > logits[best] ? label : best;
            }
            right += best == labels[image] ? 1 : 0;
        }
        return (double) right / images.length;
    }

    private float[] features(float[] image) {
        if (hidden == 0) {
            return image;
        }
        float[] features = new float[hidden];
        for (int unit = 0; unit < hidden; unit++) {
            features[unit] = Math.max(0, dot(parameters[0], unit * inputs, image) + parameters[1][unit]);
        }
        return features;
    }

    private float[] logits(float[] features) {
        float[] logits = new float[CLASSES];
        for (int label = 0; label < CLASSES; label++) {
            logits[label] = dot(parameters[2], label * features.length, features) + parameters[3][label];
        }
        return logits;
    }

    private void learn(float[] image, int label) {
        float[] features = features(image);
        float[] error = softmax(logits(features));
        error[label] -= 1;
        float[] back = new float[features.length];
        for (int k = 0; k < CLASSES; k++) {
            float share = error[k] / BATCH;
            add(share, features, gradients[2], k * features.length);
            gradients[3][k] += share;
            for (int unit = 0; hidden > 0 && unit < hidden; unit++) {
                back[unit] += share * parameters[2][k * hidden + unit];
            }
        }
        for (int unit = 0; unit < hidden; unit++) {
            if (features[unit] > 0) {
                add(back[unit], image, gradients[0], unit * inputs);
                gradients[1][unit] += back[unit];
            }
        }
    }

    private void step() {
        steps++;
        double rate = 0.001 * Math.sqrt(1 - Math.pow(0.999, steps)) / (1 - Math.pow(0.9, steps));
        for (int tensor = 0; tensor < parameters.length; tensor++) {
            float[] gradient = gradients[tensor];
            for (int i = 0; i < gradient.length; i++) {
                first[tensor][i] += 0.1f * (gradient[i] - first[tensor][i]);
                second[tensor][i] += 0.001f * (gradient[i] * gradient[i] - second[tensor][i]);
                parameters[tensor][i] -= (float) (rate * first[tensor][i] / (Math.sqrt(second[tensor][i]) + 1e-8));
                gradient[i] = 0;
            }
        }
    }

    private static float[] softmax(float[] logits) {
        float most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        float sum = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.exp(logits[i] - most);
            sum += logits[i];
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] /= sum;
        }
        return logits;
    }

    /** Four sums side by side, for one alone waits for its own last addition. */
    private static float dot(float[] weights, int from, float[] values) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int i = 0; i < values.length; i += 4) {
            a += weights[from + i] * values[i];
            b += weights[from + i + 1] * values[i + 1];
            c += weights[from + i + 2] * values[i + 2];
            d += weights[from + i + 3] * values[i + 3];
        }
        return a + b + (c + d);
    }

    private static void add(float scale, float[] values, float[] into, int at) {
        for (int i = 0; i < values.length; i++) {
            into[at + i] += scale * values[i];
        }
    }

    private static float[] uniform(int size, int fanIn, RandomGenerator random) {
        float bound = (float) (1 / Math.sqrt(fanIn));
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (2 * random.nextFloat() - 1) * bound;
        }
        return values;
    }

    private static float[][] zerosLike(float[][] tensors) {
        float[][] zeros = new float[tensors.length][];
        for (int i = 0; i < tensors.length; i++) {
            zeros[i] = new float[tensors[i].length];
        }
        return zeros;
    }
}
