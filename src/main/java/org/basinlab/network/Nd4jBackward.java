package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinearDerivative;
import org.nd4j.linalg.factory.Nd4j;

/** The same by ND4J's operations. */
final class Nd4jBackward implements Backward {

    private final Nd4jPerceptron network;
    private final List<Layer> layers;
    /** Gradients by the logits; apart from what is computed of them, since the host writes them. */
    private final DeviceArray ofLogits;
    /** Gradients by the inputs and by the outputs of every hidden layer before its rectifier. */
    private final DeviceArray deltas;

    private final int[] offsets;
    private final Map<Size, List<Step>> steps = new HashMap<>();

    private record Size(int images, int blocks) {}

    /** From the outputs of a layer to its inputs; matrices lie column by column, one column a row of a block. */
    private record Step(INDArray weight, INDArray outputs, INDArray inputs, List<CustomOp> masks) {

        void run() {
            Nd4j.gemm(weight, outputs, inputs, false, false, 1, 0);
            masks.forEach(Nd4j::exec);
        }
    }

    Nd4jBackward(Nd4jPerceptron network, int mostRows) {
        this.network = network;
        layers = network.layers();
        offsets = new int[layers.size()];
        long end = 0;
        for (int i = 0; i < layers.size(); i++) {
            offsets[i] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostRows * layers.get(i).inputs();
        }
        Engine.requireSize(end);
        ofLogits = DeviceArray.floats((long) mostRows * Layer.outputs(layers));
        deltas = DeviceArray.floats(end);
    }

    @Override
    public FloatBuffer logitGradients(int images, int blocks) {
        return ofLogits.toWrite().asFloatBuffer().slice(0, blocks * images * Layer.outputs(layers));
    }

    @Override
    public void run(int images, int blocks) {
        ofLogits.requireOpen();
        ofLogits.written();
        steps.computeIfAbsent(new Size(images, blocks), this::stepsOf).forEach(Step::run);
    }

    private List<Step> stepsOf(Size size) {
        int count = size.images * size.blocks;
        List<Step> ofSize = new ArrayList<>();
        for (int i = layers.size() - 1; i >= 0; i--) {
            Layer layer = layers.get(i);
            INDArray outputs = i + 1 < layers.size()
                    ? deltas.columns(offsets[i + 1], layer.outputs(), count)
                    : ofLogits.columns(0, layer.outputs(), count);
            ofSize.add(new Step(
                    network.weight(i), outputs, deltas.columns(offsets[i], layer.inputs(), count), masks(i, size)));
        }
        return ofSize;
    }

    private List<CustomOp> masks(int index, Size size) {
        List<CustomOp> masks = new ArrayList<>();
        int width = layers.get(index).inputs();
        for (int block = 0; index > 0 && block < size.blocks; block++) {
            INDArray rows = deltas.rows(offsets[index] + block * size.images * width, size.images, width);
            masks.add(new RectifiedLinearDerivative(network.outputRows(index - 1, size.images), rows, rows));
        }
        return masks;
    }

    @Override
    public FloatBuffer inputGradients(int images, int blocks) {
        return deltas.toRead()
                .asFloatBuffer()
                .slice(0, blocks * images * layers.get(0).inputs());
    }

    @Override
    public void close() {
        steps.clear();
        deltas.close();
        ofLogits.close();
    }
}
