package org.basinlab.recipe;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One step of a network's computation, with the tensors that are its own. */
public sealed interface Operation {

    /** Its tensors in the order of the flat weights. */
    default List<TensorShape> tensors() {
        return List.of();
    }

    /** The inputs: pixels, channel-major. Every graph begins with one. */
    record Image() implements Operation {}

    /**
     * y = Wx + b at every position.
     *
     * @param weight {@code [out, in]}
     * @param bias {@code [out]}
     */
    record Linear(TensorShape weight, TensorShape bias) implements Operation {
        @Override
        public List<TensorShape> tensors() {
            return List.of(weight, bias);
        }
    }

    /**
     * A convolution (cross-correlation, as in PyTorch) over square windows; zeros beyond the edge.
     *
     * @param weight {@code [out, in, kernel, kernel]}
     * @param bias {@code [out]}
     * @param stride positions from one window to the next, in both directions
     * @param padding zeros added on every side
     */
    record Convolution(TensorShape weight, Optional<TensorShape> bias, int stride, int padding) implements Operation {
        @Override
        public List<TensorShape> tensors() {
            return Stream.concat(Stream.of(weight), bias.stream()).toList();
        }

        public int kernel() {
            return weight.axes().get(2);
        }
    }

    /**
     * (x − mean) / √(variance + {@link Norm#EPSILON}) · scale + shift, the variance without Bessel's correction.
     *
     * @param norm over what mean and variance are taken; never {@link Norm#NONE}
     * @param scale {@code [channels]}
     * @param shift {@code [channels]}
     * @param running of {@link Norm#BATCH}: mean and variance that evaluation uses, {@code [channels]} each
     */
    record Normalise(Norm norm, TensorShape scale, TensorShape shift, Optional<Running> running) implements Operation {
        @Override
        public List<TensorShape> tensors() {
            return Stream.concat(
                            Stream.of(scale, shift), running.stream().flatMap(r -> Stream.of(r.mean(), r.variance())))
                    .toList();
        }
    }

    /** Buffers of a BatchNorm. */
    record Running(TensorShape mean, TensorShape variance) {}

    /** A function of each value alone. */
    record Activate(Activation activation) implements Operation {}

    enum Activation {
        /** max(x, 0); its derivative at 0 is 0. */
        RELU,
        /** x·Φ(x) with the exact normal distribution, PyTorch's default. */
        GELU
    }

    /** The sum of two inputs of one extent: where a residual branch comes back to its stream. */
    record Sum() implements Operation {}

    /** The largest of every window of size × size positions; windows do not overlap. */
    record MaxPool(int size) implements Operation {}

    /** The mean over all positions of each channel. */
    record MeanPool() implements Operation {}

    /** A vector of all values, channel-major as in PyTorch: the positions of a channel lie side by side. */
    record Flatten() implements Operation {}

    /**
     * Positions become the tokens 1, 2, …, after a learnt token 0; then a learnt vector is added to each.
     *
     * @param first {@code [1, 1, channels]}
     * @param places {@code [1, tokens, channels]}
     */
    record Tokens(TensorShape first, TensorShape places) implements Operation {
        @Override
        public List<TensorShape> tensors() {
            return List.of(first, places);
        }
    }

    /**
     * Scaled dot-product attention (Vaswani et al. 2017) of tokens whose channels are queries, keys and values, a third each,
     * in that order; each third has the heads side by side. Channels of one head: a third over {@code heads}.
     */
    record Attention(int heads) implements Operation {}

    /** Token 0 alone, a vector. */
    record FirstToken() implements Operation {}
}
