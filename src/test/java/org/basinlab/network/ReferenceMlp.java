package org.basinlab.network;

import java.util.List;
import java.util.stream.IntStream;
import org.basinlab.recipe.Architecture;

/** A perceptron in plain float64 loops, written from the definitions: what the engine is compared with. */
public final class ReferenceMlp {

    private final List<Integer> widths;
    private final double[] theta;

    public ReferenceMlp(Weights weights) {
        widths = ((Architecture.Mlp) weights.architecture()).widths();
        theta = new double[weights.size()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = weights.at(i);
        }
    }

    /** The weights, to be changed in place. */
    public double[] theta() {
        return theta;
    }

    /** Mean loss over the examples {@code order[from]} … and, added to {@code gradient}, its gradient. */
    public double lossAndGradient(ArrayExamples examples, int[] order, int from, int images, double[] gradient) {
        double loss = 0;
        for (int i = from; i < from + images; i++) {
            double[][] layers = forward(examples.inputsOf(order[i]));
            double[] delta = layers[layers.length - 1].clone();
            int label = examples.label(order[i]);
            double sum = 0;
            for (double logit : delta) {
                sum += Math.exp(logit);
            }
            loss += (Math.log(sum) - delta[label]) / images;
            for (int c = 0; c < delta.length; c++) {
                delta[c] = (Math.exp(delta[c]) / sum - (c == label ? 1 : 0)) / images;
            }
            backward(layers, delta, gradient);
        }
        return loss;
    }

    public double loss(ArrayExamples examples) {
        int[] order = IntStream.range(0, examples.count()).toArray();
        return lossAndGradient(examples, order, 0, order.length, new double[theta.length]);
    }

    public double[] logits(ArrayExamples examples, int index) {
        return forward(examples.inputsOf(index))[widths.size() - 1];
    }

    /** Inputs, every hidden layer after its rectifier, logits. */
    double[][] forward(float[] inputs) {
        double[][] layers = new double[widths.size()][];
        layers[0] = new double[inputs.length];
        for (int j = 0; j < inputs.length; j++) {
            layers[0][j] = inputs[j];
        }
        int at = 0;
        for (int l = 1; l < layers.length; l++) {
            int in = widths.get(l - 1);
            int out = widths.get(l);
            layers[l] = new double[out];
            for (int o = 0; o < out; o++) {
                double sum = theta[at + in * out + o];
                for (int i = 0; i < in; i++) {
                    sum += theta[at + o * in + i] * layers[l - 1][i];
                }
                layers[l][o] = l + 1 < layers.length && sum < 0 ? 0 : sum;
            }
            at += in * out + out;
        }
        return layers;
    }

    private void backward(double[][] layers, double[] logitDelta, double[] gradient) {
        double[] delta = logitDelta;
        int end = theta.length;
        for (int l = layers.length - 1; l >= 1; l--) {
            int in = widths.get(l - 1);
            int out = widths.get(l);
            int at = end - in * out - out;
            double[] before = new double[in];
            for (int o = 0; o < out; o++) {
                gradient[at + in * out + o] += delta[o];
                for (int i = 0; i < in; i++) {
                    gradient[at + o * in + i] += delta[o] * layers[l - 1][i];
                    before[i] += layers[l - 1][i] > 0 ? delta[o] * theta[at + o * in + i] : 0;
                }
            }
            delta = before;
            end = at;
        }
    }
}
