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
    /** The sum of the others' slices, {@code [places][units]}. */
    private final double[] sum;
    /** Own unit of the other axis in each place, as the costs know it. */
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
        sum = new double[view.places() * units];
        own = new int[view.places()];
        Arrays.setAll(own, i -> i);
        others = new int[population.count()][];
        Arrays.fill(others, own);
    }

    int places() {
        return view.places();
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
        for (int place = 0; place < view.places(); place++) {
            sumOthers(place, sum, place * units);
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
        for (int k = 0; k < moves.length; k++) {
            System.arraycopy(sum, moves[k] * units, left, k * units, units);
            int to = now[moves[k]] * units;
            int from = own[moves[k]] * units;
            for (int i = 0; i < units; i++) {
                right[k * units + i] = (double) slices[to + i] - slices[from + i];
            }
        }
        own = now;
        subtract(moves.length, cells);
    }

    /** Lets the sum and {@code cells} follow the others' moves on the other axis. */
    void followOthers(int[] moves, DoublePointer cells) {
        others = population.orders(view.other());
        double[] left = population.left();
        double[] right = population.right();
        float[] slices = population.slices(self, layer, index);
        for (int k = 0; k < moves.length; k++) {
            int at = moves[k] * units;
            sumOthers(moves[k], left, k * units);
            for (int i = 0; i < units; i++) {
                double now = left[k * units + i];
                left[k * units + i] = now - sum[at + i];
                sum[at + i] = now;
            }
            widen(slices, own[moves[k]] * units, right, k * units);
        }
        subtract(moves.length, cells);
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
        for (int place = 0; place < view.places(); place++) {
            widen(slices, own[place] * units, right, place * units);
        }
        population.gemm().putRight(right, sum.length);
    }

    private void widen(float[] from, int source, double[] into, int target) {
        for (int i = 0; i < units; i++) {
            into[target + i] = from[source + i];
        }
    }

    /** The others' slices at one place of the other axis, {@code [units]}. */
    private void sumOthers(int place, double[] into, int at) {
        Arrays.fill(into, at, at + units, 0);
        for (int network = 0; network < population.count(); network++) {
            if (network != self) {
                float[] slices = population.slices(network, layer, index);
                int[] order = population.order(network, layer);
                int start = others[network][place] * units;
                for (int i = 0; i < units; i++) {
                    into[at + i] += slices[start + order[i]];
                }
            }
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
        for (int place = 0; place < order.length; place++) {
            int start = order[place] * units;
            int target = place * chosen.length;
            for (int k = 0; k < chosen.length; k++) {
                into[target + k] += slices[start + chosen[k]];
            }
        }
    }
}
