package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;

/**
 * How much the weights of a linear classifier look like the classes: cosines of each row of its weights with each class's
 * mean image minus the mean of all images, as the network takes them. In float64.
 *
 * @see <a href="https://arxiv.org/abs/2411.09263">Rethinking Weight-Averaged Model-merging, section 3, which shows it as
 *     pictures; the numbers are ours</a>
 */
public final class ClassPatterns {

    private final int classes;
    /** Inner products of rows with class means, {@code [classes][classes]}. */
    private final double[] products;
    /** Inner products of rows with rows. */
    private final double[] rows;
    /** Lengths of class means minus the mean of all. */
    private final double[] lengths;

    private ClassPatterns(int classes, double[] products, double[] rows, double[] lengths) {
        this.classes = classes;
        this.products = products;
        this.rows = rows;
        this.lengths = lengths;
    }

    /**
     * Of a network and examples of every class.
     *
     * @throws IllegalArgumentException if the network has a hidden layer, the examples have another number of inputs, or a
     *     class has none
     */
    public static ClassPatterns of(Weights weights, Examples examples) {
        Architecture architecture = requireLinear(weights);
        int inputs = architecture.inputs();
        int classes = architecture.classes();
        if (examples.inputs() != inputs) {
            throw new IllegalArgumentException("%s takes %d inputs, the examples have %d"
                    .formatted(architecture.label(), inputs, examples.inputs()));
        }
        double[] means = centredMeans(examples, classes);
        double[] weight = new double[classes * inputs];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = weights.at(i);
        }
        double[] lengths = new double[classes];
        for (int c = 0; c < classes; c++) {
            for (int i = c * inputs; i < (c + 1) * inputs; i++) {
                lengths[c] += means[i] * means[i];
            }
            lengths[c] = Math.sqrt(lengths[c]);
        }
        return new ClassPatterns(
                classes,
                Products.timesTransposed(classes, classes, inputs, weight, means),
                Products.timesTransposed(classes, classes, inputs, weight, weight),
                lengths);
    }

    /**
     * The architecture of a network without hidden layers.
     *
     * @throws IllegalArgumentException if it has one
     */
    public static Architecture requireLinear(Weights weights) {
        if (weights.architecture() instanceof Architecture.Mlp mlp
                && mlp.hidden().isEmpty()) {
            return mlp;
        }
        throw new IllegalArgumentException(
                "patterns of classes are those of a network without hidden layers (hidden: []), was "
                        + weights.architecture().label());
    }

    private static double[] centredMeans(Examples examples, int classes) {
        int inputs = examples.inputs();
        double[] sums = new double[classes * inputs];
        int[] counts = new int[classes];
        float[] row = new float[inputs];
        for (int i = 0; i < examples.count(); i++) {
            examples.fill(new int[] {i}, 0, 1, FloatBuffer.wrap(row));
            int label = examples.label(i);
            counts[label]++;
            for (int j = 0; j < inputs; j++) {
                sums[label * inputs + j] += row[j];
            }
        }
        double[] all = new double[inputs];
        for (int i = 0; i < sums.length; i++) {
            all[i % inputs] += sums[i] / examples.count();
        }
        for (int c = 0; c < classes; c++) {
            if (counts[c] == 0) {
                throw new IllegalArgumentException(
                        "there must be examples of every class to have its mean, of class %d there are none in %d"
                                .formatted(c, examples.count()));
            }
            for (int i = c * inputs; i < (c + 1) * inputs; i++) {
                sums[i] = sums[i] / counts[c] - all[i % inputs];
            }
        }
        return sums;
    }

    public int classes() {
        return classes;
    }

    /** Of a class's weights with a class's mean image; 0 where one of them is 0. */
    public double cosine(int weightsOf, int imageOf) {
        return quotient(
                products[weightsOf * classes + imageOf],
                Math.sqrt(rows[weightsOf * classes + weightsOf]) * lengths[imageOf]);
    }

    /** The mean over classes of the cosine of its weights with its own image. */
    public double ownMean() {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += cosine(c, c);
        }
        return sum / classes;
    }

    /** What {@link #ownMean} is on average over all ways of giving the images to the classes: the mean of all cosines. */
    public double shuffledMean() {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            for (int k = 0; k < classes; k++) {
                sum += cosine(c, k);
            }
        }
        return sum / ((double) classes * classes);
    }

    /**
     * One-sided p of a permutation test: the share of drawn ways of giving images to classes, and the true one, whose mean
     * cosine is at least the true one's.
     *
     * @param draws at least 1
     */
    public double p(int draws, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        double own = ownMean();
        int atLeast = 1;
        for (int draw = 0; draw < draws; draw++) {
            int[] order = Seeds.shuffled(classes, random);
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += cosine(c, order[c]);
            }
            // Sums in another order differ by rounding; the true order drawn again must count.
            atLeast += sum / classes >= own - 1e-12 ? 1 : 0;
        }
        return (double) atLeast / (draws + 1);
    }

    /**
     * What the mean of two classes' weights shows.
     *
     * @param own the lower of its cosines with the images of the two, mean over all pairs of classes
     * @param others the largest of its cosines with the image of another class, mean over all pairs; NaN of two classes
     * @param rows the lower of its cosines with the two rows themselves, mean over all pairs: high of any two vectors that
     *     are not opposite
     */
    public record Mixtures(double own, double others, double rows) {}

    /** Over all pairs of classes. */
    public Mixtures mixtures() {
        double own = 0;
        double others = 0;
        double ofRows = 0;
        for (int a = 0; a < classes; a++) {
            for (int b = a + 1; b < classes; b++) {
                own += Math.min(mixed(a, b, a), mixed(a, b, b));
                double largest = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < classes; k++) {
                    largest = k == a || k == b ? largest : Math.max(largest, mixed(a, b, k));
                }
                others += largest;
                ofRows += Math.min(mixedRow(a, b, a), mixedRow(a, b, b));
            }
        }
        double pairs = classes * (classes - 1) / 2.0;
        return new Mixtures(own / pairs, classes == 2 ? Double.NaN : others / pairs, ofRows / pairs);
    }

    /** Of the mean of rows a and b with the image of class k. */
    private double mixed(int a, int b, int k) {
        return quotient(products[a * classes + k] + products[b * classes + k], lengthOfSum(a, b) * lengths[k]);
    }

    private double mixedRow(int a, int b, int k) {
        return quotient(
                rows[a * classes + k] + rows[b * classes + k], lengthOfSum(a, b) * Math.sqrt(rows[k * classes + k]));
    }

    private double lengthOfSum(int a, int b) {
        return Math.sqrt(Math.max(0, rows[a * classes + a] + rows[b * classes + b] + 2 * rows[a * classes + b]));
    }

    private static double quotient(double product, double lengths) {
        return lengths == 0 ? 0 : product / lengths;
    }
}
