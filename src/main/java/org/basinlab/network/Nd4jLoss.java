package org.basinlab.network;

import java.nio.DoubleBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.impl.indexaccum.custom.ArgMax;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.api.ops.impl.transforms.bool.IsFinite;
import org.nd4j.linalg.api.ops.impl.transforms.custom.EqualTo;
import org.nd4j.linalg.api.ops.impl.transforms.custom.LogSoftMax;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mean cross-entropy of a batch and its gradient, and the running loss and hits, all on the device. Nothing is read
 * back before {@link #seen}.
 */
final class Nd4jLoss implements AutoCloseable {

    private final int classes;
    private final DeviceArray labels;
    private final DeviceArray targets;
    private final DeviceArray logProbabilities;
    private final DeviceArray found;
    private final DeviceArray foundAsLabel;
    private final DeviceArray hit;
    private final DeviceArray hitAsNumber;
    /** Of the batch: loss and hits in float32. */
    private final DeviceArray batchSums;
    /** The same in float64, and whether the running loss is finite. */
    private final DeviceArray terms;
    /** Running loss, hits, and how often the running loss was finite after a step. */
    private final DeviceArray sums;

    private final DeviceArray finite;
    private final INDArray batchTerms;
    private final INDArray batchTotals;
    private final INDArray finiteTerm;
    private final INDArray finiteTotal;
    private final Op checkFinite;
    private final List<DeviceArray> all;
    private final Map<Integer, Views> views = new HashMap<>();
    private int images;
    private int steps;

    /** What one size of batch needs. */
    private record Views(
            CustomOp logSoftmax,
            Op exponentials,
            INDArray logProbabilities,
            CustomOp oneHot,
            INDArray targets,
            CustomOp argMax,
            INDArray found,
            INDArray foundAsLabel,
            CustomOp compare,
            INDArray hit,
            INDArray hitAsNumber,
            Op lossSum,
            Op hitSum) {}

    Nd4jLoss(int mostImages, int classes) {
        this.classes = classes;
        long values = (long) mostImages * classes;
        labels = DeviceArray.of(DataType.INT32, mostImages);
        targets = DeviceArray.floats(values);
        logProbabilities = DeviceArray.floats(values);
        found = DeviceArray.of(DataType.INT64, mostImages);
        foundAsLabel = DeviceArray.of(DataType.INT32, mostImages);
        hit = DeviceArray.of(DataType.BOOL, mostImages);
        hitAsNumber = DeviceArray.floats(mostImages);
        batchSums = DeviceArray.floats(2);
        terms = DeviceArray.of(DataType.DOUBLE, 3);
        sums = DeviceArray.of(DataType.DOUBLE, 3);
        finite = DeviceArray.of(DataType.BOOL, 1);
        batchTerms = terms.vector(0, 2);
        batchTotals = sums.vector(0, 2);
        finiteTerm = terms.vector(2, 1);
        finiteTotal = sums.vector(2, 1);
        checkFinite = new IsFinite(sums.vector(0, 1), finite.flat());
        all = List.of(
                labels,
                targets,
                logProbabilities,
                found,
                foundAsLabel,
                hit,
                hitAsNumber,
                batchSums,
                terms,
                sums,
                finite);
    }

    /**
     * Computes the gradient of the mean loss by the logits and counts the batch.
     *
     * @param logits {@code [count][classes]}, the same array for every batch of this size
     * @param delta where the gradient goes, of the same shape and without gaps; the same array likewise
     */
    void run(INDArray logits, int[] classesOfImages, int count, INDArray delta) {
        Views of = views.computeIfAbsent(count, n -> viewsOf(n, logits, delta));
        labels.toWrite().asIntBuffer().put(classesOfImages, 0, count);
        labels.written();
        Nd4j.exec(of.oneHot);
        Nd4j.exec(of.logSoftmax);
        Nd4j.exec(of.exponentials);
        delta.subi(of.targets);
        Nd4jRule.scale(1.0 / count, delta);
        of.logProbabilities.muli(of.targets);
        Nd4j.exec(of.lossSum);
        Nd4j.exec(of.argMax);
        of.foundAsLabel.assign(of.found);
        Nd4j.exec(of.compare);
        of.hitAsNumber.assign(of.hit);
        Nd4j.exec(of.hitSum);
        add();
        images += count;
        steps++;
    }

    /** Adds the batch to the running sums; a sum that is not finite never becomes finite again. */
    private void add() {
        batchTerms.assign(batchSums.flat());
        batchTotals.addi(batchTerms);
        Nd4j.exec(checkFinite);
        finiteTerm.assign(finite.flat());
        finiteTotal.addi(finiteTerm);
    }

    private Views viewsOf(int count, INDArray logits, INDArray delta) {
        INDArray labelsOfBatch = labels.vector(0, count);
        INDArray logs = logProbabilities.rows(0, count, classes);
        INDArray targetsOfBatch = targets.rows(0, count, classes);
        INDArray foundOfBatch = found.vector(0, count);
        INDArray foundLabels = foundAsLabel.vector(0, count);
        INDArray hits = hit.vector(0, count);
        INDArray hitNumbers = hitAsNumber.vector(0, count);
        return new Views(
                new LogSoftMax(logits, logs),
                new Exp(logs, delta),
                logs,
                new OneHot(labelsOfBatch, targetsOfBatch, classes, 1, 1, 0),
                targetsOfBatch,
                new ArgMax(new INDArray[] {logits}, new INDArray[] {foundOfBatch}, false, 1),
                foundOfBatch,
                foundLabels,
                new EqualTo(foundLabels, labelsOfBatch, hits),
                hits,
                hitNumbers,
                new Sum(logs.reshape(logs.length()), batchSums.vector(0, 1), true, 0),
                new Sum(hitNumbers, batchSums.vector(1, 1), true, 0));
    }

    /**
     * What {@link Learning#seen} gives.
     *
     * @throws LossNotFinite as there
     */
    Tally seen() {
        DoubleBuffer read = sums.toRead().asDoubleBuffer();
        double loss = -read.get(0);
        int finiteSteps = (int) read.get(2);
        if (finiteSteps < steps) {
            throw new LossNotFinite(loss, finiteSteps + 1);
        }
        return new Tally(loss, (int) read.get(1), images);
    }

    /** Goes on from what another run counted. */
    void countFrom(Tally tally) {
        DoubleBuffer write = sums.toWrite().asDoubleBuffer();
        write.put(0, -tally.lossSum()).put(1, tally.correct()).put(2, 0);
        sums.written();
        images = tally.images();
        steps = 0;
    }

    @Override
    public void close() {
        views.clear();
        all.forEach(DeviceArray::close);
    }
}
