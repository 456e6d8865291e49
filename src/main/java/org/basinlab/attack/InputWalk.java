package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.InputGradients;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.VectorNorm;

/** The walk in the space of the inputs themselves, in either norm: the L∞ step is along signs, in no smaller space. */
final class InputWalk implements BoundaryWalk {

    /** Rows of gradients by the inputs: 50 MB of CIFAR-10's. */
    private static final int ROWS = 4_096;

    private final VectorNorm norm;
    private final int width;
    private final int most;
    private final NormalisedImages images;
    private final float[] scale;
    private final ForwardPass network;
    private final InputGradients back;
    private final float[] inputs;
    /** The way of each image in the space of the attack. */
    private final float[] way;

    private final float[] row;
    private FloatBuffer found = FloatBuffer.allocate(0);

    InputWalk(VectorNorm norm, InputSpace space, Weights weights, NormalisedImages images) {
        this.norm = norm;
        this.images = images;
        width = images.inputs();
        int others = weights.architecture().classes() - 1;
        most = Math.max(1, Math.min(Math.min(Tally.BATCH, images.count()), ROWS / others));
        scale = Originals.scale(images, space);
        inputs = new float[most * width];
        way = new float[inputs.length];
        row = new float[width];
        network = ForwardPass.of(weights, most);
        back = new InputGradients(network, Math.multiplyExact(most, others));
    }

    @Override
    public int mostImages() {
        return most;
    }

    @Override
    public void begin(int[] order, int from, int count) {
        images.fill(order, from, count, FloatBuffer.wrap(inputs, 0, count * width));
        Arrays.fill(way, 0);
    }

    @Override
    public FloatBuffer logits(int[] places, int rows, float reach) {
        FloatBuffer into = network.inputs(rows);
        for (int i = 0; i < rows; i++) {
            int from = places[i] * width;
            for (int j = 0; j < width; j++) {
                row[j] = inputs[from + j] + reach * way[from + j] * scale[j];
            }
            into.put(i * width, row);
        }
        network.run(rows);
        return network.logits(rows);
    }

    @Override
    public FloatBuffer logitGradients(int rows, int blocks) {
        return back.outputGradients(rows, blocks);
    }

    @Override
    public void gradients(int[] places, int rows, int blocks, double[] norms) {
        found = back.run(rows, blocks);
        for (int i = 0; i < rows * blocks; i++) {
            found.get(i * width, row);
            double sum = 0;
            for (int j = 0; j < width; j++) {
                double value = (double) row[j] * scale[j];
                sum += norm == VectorNorm.L2 ? value * value : Math.abs(value);
            }
            norms[i] = norm == VectorNorm.L2 ? Math.sqrt(sum) : sum;
        }
    }

    @Override
    public void step(int place, int gradient, double ratio, double dual) {
        found.get(gradient * width, row);
        int at = place * width;
        for (int j = 0; j < width; j++) {
            way[at + j] +=
                    (float) (norm == VectorNorm.L2 ? ratio / dual * row[j] * scale[j] : ratio * Math.signum(row[j]));
        }
    }

    @Override
    public double distance(int place) {
        double sum = 0;
        double largest = 0;
        for (int j = place * width; j < (place + 1) * width; j++) {
            sum += (double) way[j] * way[j];
            largest = Math.max(largest, Math.abs(way[j]));
        }
        return norm == VectorNorm.L2 ? Math.sqrt(sum) : largest;
    }

    @Override
    public void close() {
        back.close();
        network.close();
    }
}
