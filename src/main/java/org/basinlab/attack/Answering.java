package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.BitSet;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.network.CrossEntropy;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;

/** Which class a network names, by the rule by which its accuracy is counted. */
final class Answering {

    private Answering() {}

    /** Sets the bit {@code first + i} for each of {@code images} rows of logits that is classified as its label. */
    static void mark(FloatBuffer logits, int[] labels, int images, BitSet correct, int first) {
        float[] row = new float[logits.limit() / images];
        for (int i = 0; i < images; i++) {
            logits.get(i * row.length, row);
            correct.set(first + i, CrossEntropy.isHit(row, labels[i]));
        }
    }

    /** The class with the largest logit, the lowest of equal ones; −1 if a logit is not a number. */
    static int predicted(float[] row) {
        int best = 0;
        for (int c = 1; c < row.length; c++) {
            best = row[c] > row[best] ? c : best;
        }
        return CrossEntropy.isHit(row, best) ? best : -1;
    }

    /** 0 … n−1. */
    static int[] inOrder(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        return order;
    }

    /** The labels of the images {@code order[from]} … {@code order[from + count − 1]}. */
    static int[] labels(NormalisedImages images, int[] order, int from, int count) {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(order[from + i]);
        }
        return labels;
    }

    /** Which images a network classifies as their label, computed as its accuracy is. */
    static BitSet clean(Weights weights, NormalisedImages images) {
        int batch = Math.min(Tally.BATCH, images.count());
        try (ForwardPass network = ForwardPass.of(weights, batch)) {
            return clean(network, images);
        }
    }

    /** The same by a network with room for a batch. */
    static BitSet clean(ForwardPass network, NormalisedImages images) {
        BitSet correct = new BitSet();
        int[] order = inOrder(images.count());
        for (int from = 0; from < order.length; from += Tally.BATCH) {
            int count = Math.min(Tally.BATCH, order.length - from);
            network.take(images, order, from, count);
            network.run(count);
            mark(network.logits(count), labels(images, order, from, count), count, correct, from);
        }
        return correct;
    }
}
