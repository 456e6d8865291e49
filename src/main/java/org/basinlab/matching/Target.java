package org.basinlab.matching;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;

/**
 * What one tensor adds to the costs of pairing one layer of a network with the others: the sum of the others' slices, in
 * their present order, and how far the costs have followed it and the network's own order. Everything is followed by what
 * changed: k places of the other axis cost a product of rank k.
 */
final class Target {

    private static final int[] NO_PLACES = {};

    private final Population population;
    private final int self;
    private final int layer;
    private final int index;
    private final TensorView view;
    private final int units;
    private final int depth;
    /** The sum of the others' slices, {@code [places][units]}. */
    private final double[] sum;
    /** Own unit in each place of the other axis, as the costs know it. */
    private int[] own;
    /** The same of the others, by network. */
    private int[][] others;

    Target(Population population, int self, int layer, int index) {
        this.population = population;
        this.self = self;
        this.layer = layer;
        this.index = index;
        view = population.views(layer).get(index);
        units = view.units();
        depth = view.depth();
        sum = new double[view.places() * units];
        own = new int[view.slots()];
        Arrays.setAll(own, i -> i);
        others = new int[population.count()][];
        Arrays.fill(others, own);
    }

    int places() {
        return view.places();
    }

    /** Places along a slice that each unit of the other axis has. */
    int depth() {
        return depth;
    }

    private boolean isMoving() {
        return view.other() != TensorView.NONE;
    }

    /** Places of the other axis where this network changed since the costs followed it. */
    int[] ownMoves() {
        return isMoving() ? Places.differing(own, population.order(self, view.other())) : NO_PLACES;
    }

    /** Places of the other axis where another network changed since the costs followed it. */
    int[] otherMoves() {
        return isMoving() ? Places.differing(others, population.orders(view.other()), self) : NO_PLACES;
    }

    /** Makes the sum anew and takes the whole product off {@code cells}. */
    void subtractAll(DoublePointer cells) {
        if (isMoving()) {
            own = population.order(self, view.other());
            others = population.orders(view.other());
        }
        for (int slot = 0; slot < view.slots(); slot++) {
            sumOthers(slot, sum, slot * depth * units);
        }
        population.gemm().putLeft(sum, sum.length);
        putOwn();
        population.gemm().subtractTransposedTimes(units, view.places(), cells);
    }

    /** Lets {@code cells} follow the network's own moves; the sum stays. */
    void followOwn(int[] moves, DoublePointer cells) {
        int[] now = population.order(self, view.other());
        double[] left = population.left();
        double[] right = population.right();
        float[] slices = population.slices(self, layer, index);
        int length = depth * units;
        for (int k = 0; k < moves.length; k++) {
            System.arraycopy(sum, moves[k] * length, left, k * length, length);
            int to = now[moves[k]] * length;
            int from = own[moves[k]] * length;
            for (int i = 0; i < length; i++) {
                right[k * length + i] = (double) slices[to + i] - slices[from + i];
            }
        }
        own = now;
        subtract(moves.length * depth, cells);
    }

    /** Lets the sum and {@code cells} follow the others' moves on the other axis. */
    void followOthers(int[] moves, DoublePointer cells) {
        others = population.orders(view.other());
        double[] left = population.left();
        double[] right = population.right();
        float[] slices = population.slices(self, layer, index);
        int length = depth * units;
        for (int k = 0; k < moves.length; k++) {
            int at = moves[k] * length;
            sumOthers(moves[k], left, k * length);
            for (int i = 0; i < length; i++) {
                double now = left[k * length + i];
                left[k * length + i] = now - sum[at + i];
                sum[at + i] = now;
            }
            widen(slices, own[moves[k]] * length, right, k * length, length);
        }
        subtract(moves.length * depth, cells);
    }

    /** Lets the sum and {@code cells} follow the others' moves of this layer's units. */
    void followRows(int[] rows, DoublePointer cells) {
        double[] left = population.left();
        sumOthers(rows, left);
        for (int place = 0; place < view.places(); place++) {
            for (int k = 0; k < rows.length; k++) {
                int cell = place * units + rows[k];
                double now = left[place * rows.length + k];
                left[place * rows.length + k] = now - sum[cell];
                sum[cell] = now;
            }
        }
        population.gemm().putLeft(left, view.places() * rows.length);
        putOwn();
        population.gemm().subtractFromRows(rows, units, view.places(), cells);
    }

    private void subtract(int rank, DoublePointer cells) {
        population.gemm().putLeft(population.left(), rank * units);
        population.gemm().putRight(population.right(), rank * units);
        population.gemm().subtractTransposedTimes(units, rank, cells);
    }

    private void putOwn() {
        double[] right = population.right();
        float[] slices = population.slices(self, layer, index);
        int length = depth * units;
        for (int slot = 0; slot < own.length; slot++) {
            widen(slices, own[slot] * length, right, slot * length, length);
        }
        population.gemm().putRight(right, sum.length);
    }

    private static void widen(float[] from, int source, double[] into, int target, int count) {
        for (int i = 0; i < count; i++) {
            into[target + i] = from[source + i];
        }
    }

    /** The others' slices in one place of the other axis, {@code [depth][units]}. */
    private void sumOthers(int slot, double[] into, int at) {
        Arrays.fill(into, at, at + depth * units, 0);
        for (int network = 0; network < population.count(); network++) {
            if (network != self) {
                float[] slices = population.slices(network, layer, index);
                int[] order = population.order(network, layer);
                int start = others[network][slot] * depth * units;
                for (int d = 0; d < depth; d++) {
                    addInOrder(slices, start + d * units, order, into, at + d * units);
                }
            }
        }
    }

    private static void addInOrder(float[] slices, int start, int[] order, double[] into, int at) {
        for (int i = 0; i < order.length; i++) {
            into[at + i] += slices[start + order[i]];
        }
    }

    /** The others' slices in some places of this layer, {@code [places][rows.length]}. */
    private void sumOthers(int[] rows, double[] into) {
        Arrays.fill(into, 0, view.places() * rows.length, 0);
        int[] chosen = new int[rows.length];
        for (int network = 0; network < population.count(); network++) {
            if (network != self) {
                int[] order = population.order(network, layer);
                for (int k = 0; k < rows.length; k++) {
                    chosen[k] = order[rows[k]];
                }
                addChosen(population.slices(network, layer, index), others[network], chosen, into);
            }
        }
    }

    private void addChosen(float[] slices, int[] order, int[] chosen, double[] into) {
        for (int place = 0; place < view.places(); place++) {
            int start = (order[place / depth] * depth + place % depth) * units;
            int target = place * chosen.length;
            for (int k = 0; k < chosen.length; k++) {
                into[target + k] += slices[start + chosen[k]];
            }
        }
    }
}
