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
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinearDerivative;
import org.nd4j.linalg.factory.Nd4j;

/** Backpropagation of the mean cross-entropy by ND4J's operations. The gradient by the inputs is not computed. */
final class Nd4jLearning implements Learning {

    private final Nd4jPerceptron network;
    private final List<Layer> layers;
    private final DeviceArray gradient;
    /** Gradients by the outputs of every layer, before the rectifier. */
    private final DeviceArray deltas;

    private final DeviceArray ones;
    private final int[] offsets;
    private final Nd4jLoss loss;
    private final Nd4jRule rule;
    private final Map<Integer, Batch> batches = new HashMap<>();

    /** What one size of batch needs, from the first layer to the last. */
    private record Batch(List<Step> steps, INDArray logits, INDArray deltaOfLogits) {}

    /** One layer on one size of batch; matrices lie column by column, one column an image. */
    private record Step(
            INDArray inputs,
            INDArray delta,
            INDArray ones,
            INDArray weightGradient,
            INDArray biasGradient,
            Optional<Back> back) {

        void run() {
            Nd4j.gemm(inputs, delta, weightGradient, false, true, 1, 0);
            Nd4j.gemm(delta, ones, biasGradient, false, false, 1, 0);
            back.ifPresent(Back::run);
        }
    }

    /** From the outputs of a layer to those of the one before it. */
    private record Back(INDArray weight, INDArray delta, INDArray deltaBefore, CustomOp mask) {

        void run() {
            Nd4j.gemm(weight, delta, deltaBefore, false, false, 1, 0);
            Nd4j.exec(mask);
        }
    }

    Nd4jLearning(Nd4jPerceptron network, int mostImages, Optimiser optimiser, Optional<Penalty> penalty) {
        this.network = network;
        layers = network.layers();
        offsets = new int[layers.size()];
        long end = 0;
        for (int i = 0; i < layers.size(); i++) {
            offsets[i] = (int) Math.min(end, Engine.MOST_FLOATS);
            end += (long) mostImages * layers.get(i).outputs();
        }
        Engine.requireSize(end);
        gradient = DeviceArray.floats(Layer.parameters(layers));
        deltas = DeviceArray.floats(end);
        ones = DeviceArray.floats(mostImages);
        ones.flat().assign(1);
        loss = new Nd4jLoss(mostImages, Layer.outputs(layers));
        rule = Nd4jRule.of(optimiser, penalty, network.flat(), gradient.flat());
    }

    @Override
    public void step(int[] labels, int images, double rate) {
        network.run(images);
        Batch batch = batches.computeIfAbsent(images, this::batchOf);
        loss.run(batch.logits, labels, images, batch.deltaOfLogits);
        for (int i = layers.size() - 1; i >= 0; i--) {
            batch.steps.get(i).run();
        }
        rule.step(rate);
    }

    private Batch batchOf(int images) {
        int last = layers.size() - 1;
        List<Step> ofBatch = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            ofBatch.add(new Step(
                    network.inputsOf(i, images),
                    delta(i, images),
                    ones.columns(0, images, 1),
                    gradient.columns(layer.weightOffset(), layer.inputs(), layer.outputs()),
                    gradient.columns(layer.biasOffset(), layer.outputs(), 1),
                    i == 0 ? Optional.empty() : Optional.of(back(i, images))));
        }
        return new Batch(ofBatch, network.outputRows(last, images), deltaRows(last, images));
    }

    private Back back(int layer, int images) {
        INDArray rowsBefore = deltaRows(layer - 1, images);
        return new Back(
                network.weight(layer),
                delta(layer, images),
                delta(layer - 1, images),
                new RectifiedLinearDerivative(network.outputRows(layer - 1, images), rowsBefore, rowsBefore));
    }

    private INDArray delta(int layer, int images) {
        return deltas.columns(offsets[layer], layers.get(layer).outputs(), images);
    }

    private INDArray deltaRows(int layer, int images) {
        return deltas.rows(offsets[layer], images, layers.get(layer).outputs());
    }

    @Override
    public Tally seen() {
        return loss.seen();
    }

    @Override
    public void countFrom(Tally before) {
        loss.countFrom(before);
    }

    @Override
    public int memories() {
        return rule.memory().size();
    }

    @Override
    public List<float[]> memory() {
        List<float[]> copies = new ArrayList<>();
        for (DeviceArray array : rule.memory()) {
            float[] copy = new float[Layer.parameters(layers)];
            array.toRead().asFloatBuffer().get(copy);
            copies.add(copy);
        }
        return copies;
    }

    @Override
    public int updates() {
        return rule.steps();
    }

    @Override
    public void resume(int updates, List<float[]> memory) {
        for (int i = 0; i < memory.size(); i++) {
            FloatBuffer into = rule.memory().get(i).toWrite().asFloatBuffer();
            into.put(memory.get(i));
            rule.memory().get(i).written();
        }
        rule.resumeAt(updates);
    }

    @Override
    public void close() {
        batches.clear();
        rule.close();
        loss.close();
        ones.close();
        deltas.close();
        gradient.close();
    }
}
