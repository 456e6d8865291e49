package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.factory.Nd4j;

/** A perceptron in ND4J's arrays. */
final class Nd4jPerceptron implements LoadedNetwork {

    private final List<Layer> layers;
    private final DeviceArray weights;
    /** The batch; apart from what is computed of it, since the host writes it. */
    private final DeviceArray inputs;
    /** The outputs of every layer. */
    private final DeviceArray outputs;

    private final int[] offsets;
    /** A batch size needs its own views; few sizes occur, a full batch and the rest of an epoch or of a data set. */
    private final Map<Integer, List<Step>> steps = new HashMap<>();

    /** One layer on one size of batch; matrices lie column by column, one column an image. */
    private record Step(INDArray weight, INDArray inputs, INDArray outputs, Op addBias, Optional<Op> rectify) {

        void run() {
            Nd4j.gemm(weight, inputs, outputs, true, false, 1, 0);
            Nd4j.exec(addBias);
            rectify.ifPresent(Nd4j::exec);
        }
    }

    Nd4jPerceptron(List<Layer> layers, int mostImages) {
        this.layers = layers;
        offsets = new int[layers.size()];
        long end = 0;
        for (int i = 0; i < layers.size(); i++) {
            offsets[i] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostImages * layers.get(i).outputs();
        }
        long inputValues = (long) mostImages * layers.get(0).inputs();
        Engine.requireSize(inputValues + end);
        weights = DeviceArray.floats(Layer.parameters(layers));
        inputs = DeviceArray.floats(inputValues);
        outputs = DeviceArray.floats(end);
    }

    @Override
    public void load(FloatBuffer values) {
        weights.toWrite().asFloatBuffer().put(values);
        weights.written();
    }

    @Override
    public void read(float[] values) {
        weights.toRead().asFloatBuffer().get(values);
    }

    @Override
    public FloatBuffer inputs(int images) {
        return inputs.toWrite().asFloatBuffer().slice(0, images * layers.get(0).inputs());
    }

    @Override
    public void run(int images) {
        inputs.requireOpen();
        inputs.written();
        steps.computeIfAbsent(images, this::stepsOf).forEach(Step::run);
    }

    @Override
    public FloatBuffer logits(int images) {
        int last = layers.size() - 1;
        return outputs.toRead().asFloatBuffer().slice(offsets[last], images * Layer.outputs(layers));
    }

    @Override
    public Learning learning(int mostImages, Optimiser optimiser, Optional<Penalty> penalty) {
        return new Nd4jLearning(this, mostImages, optimiser, penalty);
    }

    @Override
    public Backward backward(int mostRows) {
        return new Nd4jBackward(this, mostRows);
    }

    private List<Step> stepsOf(int images) {
        List<Step> ofBatch = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            INDArray rows = outputRows(i, images);
            INDArray bias = weights.vector(layer.biasOffset(), layer.outputs());
            Optional<Op> rectify =
                    i + 1 < layers.size() ? Optional.of(new RectifiedLinear(rows, rows, 0)) : Optional.empty();
            ofBatch.add(new Step(
                    weight(i),
                    inputsOf(i, images),
                    outputs.columns(offsets[i], layer.outputs(), images),
                    new BroadcastAddOp(rows, bias, rows, 1),
                    rectify));
        }
        return ofBatch;
    }

    /** The weight of a layer, one column an output. */
    INDArray weight(int index) {
        Layer layer = layers.get(index);
        return weights.columns(layer.weightOffset(), layer.inputs(), layer.outputs());
    }

    /** What a layer takes in, one column an image. */
    INDArray inputsOf(int index, int images) {
        int width = layers.get(index).inputs();
        return index == 0 ? inputs.columns(0, width, images) : outputs.columns(offsets[index - 1], width, images);
    }

    /** What a layer gives out, after its rectifier, one row an image. */
    INDArray outputRows(int index, int images) {
        return outputs.rows(offsets[index], images, layers.get(index).outputs());
    }

    List<Layer> layers() {
        return layers;
    }

    /** All weights. */
    INDArray flat() {
        return weights.flat();
    }

    @Override
    public void close() {
        steps.clear();
        outputs.close();
        inputs.close();
        weights.close();
    }
}
