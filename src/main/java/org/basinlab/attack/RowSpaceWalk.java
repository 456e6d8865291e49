package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.InputGradients;
import org.basinlab.network.Segment;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.TensorShape;

/**
 * The walk of a perceptron in L2, on what the first rectifier takes. Without clipping every step is a combination of the rows of the first
 * weight W, their columns multiplied by the scale of the inputs: r = Wᵀa. With G = WWᵀ made once, a step c·Wᵀv changes
 * z = Wx + b by c·Gv and has the squared length c²·vᵀGv; so a way is kept as a and Ga, and the inputs, several times as
 * many as the first layer's units, are not touched after the first pass.
 */
final class RowSpaceWalk implements BoundaryWalk {

    /** Rows of gradients by the first layer's outputs: few enough to stay in a CPU's caches, enough for fast products. */
    private static final int ROWS = 2_304;

    private final NormalisedImages images;
    private final int most;
    private final int units;
    private final Segment head;
    private final Segment tail;
    private final InputGradients back;
    private final Segment gram;
    /** What the first rectifier takes of each image as it is, {@code [images][units]}. */
    private final float[] start;
    /** a and Ga of each image. */
    private final float[] way;

    private final float[] moved;
    /** What the first rectifier gave in the last run, {@code [rows][units]}. */
    private final float[] rectified;
    /** Gradients v of the last call and Gv. */
    private final float[] gradients;

    private final float[] products;
    private final float[] row;

    RowSpaceWalk(InputSpace space, Weights weights, NormalisedImages images) {
        this.images = images;
        int others = weights.architecture().classes() - 1;
        most = Math.max(1, Math.min(Math.min(Tally.BATCH, images.count()), ROWS / others));
        int rows = Math.multiplyExact(most, others);
        units = weights.architecture().tensors().get(0).axes().get(0);
        // What may not fit into the heap comes first: nothing is left behind then.
        start = new float[most * units];
        way = new float[start.length];
        moved = new float[start.length];
        rectified = new float[start.length];
        gradients = new float[Math.multiplyExact(rows, units)];
        products = new float[gradients.length];
        row = new float[units];
        float[] squares = gram(weights, Originals.scale(images, space), units);
        Deque<Runnable> opened = new ArrayDeque<>();
        try {
            head = Segment.first(weights, most);
            opened.push(head::close);
            tail = Segment.afterFirst(weights, most);
            opened.push(tail::close);
            back = new InputGradients(tail, rows);
            opened.push(back::close);
            gram = Segment.linear(squares, units, units, rows);
        } catch (RuntimeException | Error e) {
            opened.forEach(Runnable::run); // nobody else can: this was never made
            throw e;
        }
    }

    private static float[] gram(Weights weights, float[] scale, int units) {
        TensorShape shape = weights.architecture().tensors().get(0);
        float[] first = weights.tensor(shape);
        for (int unit = 0; unit < units; unit++) {
            scaleRow(first, unit * scale.length, scale);
        }
        float[] gram = new float[units * units];
        try (Segment product = Segment.linear(first, scale.length, units, units)) {
            product.inputs(units).put(0, first);
            product.run(units);
            product.outputs(units).get(0, gram);
        }
        return gram;
    }

    private static void scaleRow(float[] values, int from, float[] scale) {
        for (int j = 0; j < scale.length; j++) {
            values[from + j] *= scale[j];
        }
    }

    @Override
    public int mostImages() {
        return most;
    }

    @Override
    public void begin(int[] order, int from, int count) {
        images.fill(order, from, count, head.inputs(count));
        head.run(count);
        head.outputs(count).get(0, start, 0, count * units);
        Arrays.fill(way, 0);
        Arrays.fill(moved, 0);
    }

    @Override
    public FloatBuffer logits(int[] places, int rows, float reach) {
        FloatBuffer into = tail.inputs(rows);
        for (int i = 0; i < rows; i++) {
            rectify(row, start, moved, places[i] * units, reach);
            into.put(i * units, row);
            System.arraycopy(row, 0, rectified, i * units, units);
        }
        tail.run(rows);
        return tail.outputs(rows);
    }

    private static void rectify(float[] row, float[] start, float[] moved, int from, float reach) {
        for (int j = 0; j < row.length; j++) {
            row[j] = Math.max(start[from + j] + reach * moved[from + j], 0f);
        }
    }

    @Override
    public FloatBuffer logitGradients(int rows, int blocks) {
        return back.outputGradients(rows, blocks);
    }

    @Override
    public void gradients(int[] places, int rows, int blocks, double[] norms) {
        int count = rows * blocks * units;
        back.run(rows, blocks).get(0, gradients, 0, count);
        for (int block = 0; block < blocks; block++) {
            close(gradients, block * rows * units, rectified, rows * units);
        }
        gram.inputs(rows * blocks).put(0, gradients, 0, count);
        gram.run(rows * blocks);
        gram.outputs(rows * blocks).get(0, products, 0, count);
        for (int i = 0; i < rows * blocks; i++) {
            norms[i] = Math.sqrt(Math.max(0, dot(gradients, i * units, products, i * units, units)));
        }
    }

    /** Puts 0 in place of each gradient whose rectifier is closed; without a branch. */
    private static void close(float[] gradients, int at, float[] rectified, int count) {
        for (int j = 0; j < count; j++) {
            int open = -Float.floatToRawIntBits(rectified[j]) >> 31;
            gradients[at + j] = Float.intBitsToFloat(Float.floatToRawIntBits(gradients[at + j]) & open);
        }
    }

    /** Four sums side by side: one alone would wait for each addition. */
    private static double dot(float[] a, int fromA, float[] b, int fromB, int count) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int j = 0;
        for (; j + 3 < count; j += 4) {
            first += (double) a[fromA + j] * b[fromB + j];
            second += (double) a[fromA + j + 1] * b[fromB + j + 1];
            third += (double) a[fromA + j + 2] * b[fromB + j + 2];
            fourth += (double) a[fromA + j + 3] * b[fromB + j + 3];
        }
        for (; j < count; j++) {
            first += (double) a[fromA + j] * b[fromB + j];
        }
        return first + second + (third + fourth);
    }

    @Override
    public void step(int place, int gradient, double ratio, double norm) {
        float factor = (float) (ratio / norm);
        add(way, place * units, gradients, gradient * units, factor, units);
        add(moved, place * units, products, gradient * units, factor, units);
    }

    private static void add(float[] sum, int at, float[] terms, int from, float factor, int count) {
        for (int j = 0; j < count; j++) {
            sum[at + j] += factor * terms[from + j];
        }
    }

    @Override
    public double distance(int place) {
        return Math.sqrt(Math.max(0, dot(way, place * units, moved, place * units, units)));
    }

    @Override
    public void close() {
        gram.close();
        back.close();
        tail.close();
        head.close();
    }
}
