package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The loss −log softmax(z)[label], in nats, in float64 and with the largest logit taken off first so that no exponential
 * overflows. Exponentials are those of {@link StrictMath}, equal to the bit on every machine.
 */
public final class CrossEntropy {

    /** Probabilities beside a sum below this have lost bits, or are lost themselves. */
    private static final double MINUTE = 1e-290;

    private CrossEntropy() {}

    /**
     * Loss and hits of a batch.
     *
     * @param logits {@code [images][classes]} row-major, all of the buffer
     * @param labels classes of the first {@code images} rows, each in [0, classes)
     */
    public static Tally of(FloatBuffer logits, int[] labels, int images) {
        return walk(logits, labels, images, (image, probabilities) -> {});
    }

    /**
     * The same, and the gradient of the mean loss by the logits, (softmax(z) − onehot(label)) / images, into
     * {@code gradient}, which is laid out as {@code logits}.
     */
    static Tally withGradient(FloatBuffer logits, int[] labels, int images, FloatBuffer gradient) {
        return walk(logits, labels, images, (image, probabilities) -> {
            int classes = probabilities.length;
            for (int c = 0; c < classes; c++) {
                double target = c == labels[image] ? 1 : 0;
                gradient.put(image * classes + c, (float) ((probabilities[c] - target) / images));
            }
        });
    }

    /**
     * The direction of the gradient of each image's own loss by its logits, softmax(z) − onehot(label), into
     * {@code gradient}, which is laid out as {@code logits}. A row is the gradient times a number above 0, by which the
     * probabilities of the other classes sum to one or two, a power of two where they are not minute: so the sign and
     * direction of a gradient are there however sure of the label a network is. That by the logit of the label is minus
     * the sum of the others: next to a probability of nearly 1 the difference from 1 would be lost.
     */
    static void directionOfEach(FloatBuffer logits, int[] labels, int images, FloatBuffer gradient) {
        int classes = logits.limit() / images;
        float[] row = new float[classes];
        double[] probabilities = new double[classes];
        for (int image = 0; image < images; image++) {
            int label = Objects.checkIndex(labels[image], classes);
            logits.get(image * classes, row, 0, classes);
            softmax(row, probabilities);
            double others = sumWithout(label, probabilities);
            if (others < MINUTE) {
                row[label] = Float.NEGATIVE_INFINITY; // the others among themselves
                softmax(row, probabilities);
                others = sumWithout(label, probabilities);
            }
            double factor = Math.scalb(1.0, -Math.getExponent(others));
            for (int c = 0; c < classes; c++) {
                double value = c == label ? -others : probabilities[c];
                gradient.put(image * classes + c, (float) (factor * value));
            }
        }
    }

    private static double sumWithout(int label, double[] probabilities) {
        double sum = 0;
        for (int c = 0; c < probabilities.length; c++) {
            sum += c == label ? 0 : probabilities[c];
        }
        return sum;
    }

    private interface Visitor {
        void visit(int image, double[] probabilities);
    }

    private static Tally walk(FloatBuffer logits, int[] labels, int images, Visitor visitor) {
        int classes = logits.limit() / images;
        float[] row = new float[classes];
        double[] probabilities = new double[classes];
        double lossSum = 0;
        int correct = 0;
        for (int i = 0; i < images; i++) {
            int label = Objects.checkIndex(labels[i], classes);
            logits.get(i * classes, row, 0, classes);
            lossSum += softmax(row, probabilities) - row[label];
            correct += isHit(row, label) ? 1 : 0;
            visitor.visit(i, probabilities);
        }
        return new Tally(lossSum, correct, images);
    }

    /** Fills {@code probabilities} and returns log Σ exp(z). */
    private static double softmax(float[] row, double[] probabilities) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (int c = 0; c < row.length; c++) {
            probabilities[c] = StrictMath.exp((double) row[c] - largest);
            sum += probabilities[c];
        }
        for (int c = 0; c < row.length; c++) {
            probabilities[c] /= sum;
        }
        return largest + StrictMath.log(sum);
    }

    /** Whether {@code label} has the largest logit, and is the lowest class of equal ones; never with a NaN among them. */
    public static boolean isHit(float[] row, int label) {
        for (int c = 0; c < row.length; c++) {
            boolean behind = c < label ? row[c] < row[label] : row[c] <= row[label];
            if (!behind) {
                return false;
            }
        }
        return true;
    }
}
