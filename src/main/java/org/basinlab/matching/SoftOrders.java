package org.basinlab.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.assignment.WarmAssignment;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;

/**
 * Several networks whose units stand in soft orders of places that all share, one doubly stochastic matrix for each network
 * and permutation, and steps of Frank and Wolfe's algorithm on Σ⟨X, X'⟩ over all pairs of networks, X being a network in its
 * order. One network is held in its own order: an order that all take alike changes nothing.
 */
final class SoftOrders {

    private final List<String> names;
    private final int held;
    private final List<SharedTensor> tensors = new ArrayList<>();
    /** By network and permutation, {@code [place][unit]}. */
    private final double[][][] orders;

    private final double[][][] gradients;
    private final WarmAssignment[][] solvers;
    private final int[][][] targets;

    /** All in their own order. */
    SoftOrders(List<Weights> networks, int held) {
        this.held = held;
        PermutationSpec spec = PermutationSpec.of(networks.get(0).architecture());
        names = List.copyOf(spec.sizes().keySet());
        List<float[]> flat = networks.stream().map(Weights::copy).toList();
        List<List<TensorView>> views = TensorView.of(spec, names);
        Set<String> seen = new HashSet<>();
        for (int layer = 0; layer < views.size(); layer++) {
            for (TensorView view : views.get(layer)) {
                if (seen.add(view.shape().name())) {
                    tensors.add(new SharedTensor(view, layer, flat));
                }
            }
        }
        int count = networks.size();
        orders = new double[count][names.size()][];
        gradients = new double[count][names.size()][];
        targets = new int[count][names.size()][];
        solvers = new WarmAssignment[count][names.size()];
        for (int network = 0; network < count; network++) {
            for (int layer = 0; layer < names.size(); layer++) {
                int units = spec.units(names.get(layer));
                orders[network][layer] = identity(units);
                gradients[network][layer] = new double[units * units];
                solvers[network][layer] = new WarmAssignment(units);
            }
        }
    }

    private static double[] identity(int units) {
        double[] matrix = new double[units * units];
        for (int i = 0; i < units; i++) {
            matrix[i * units + i] = 1;
        }
        return matrix;
    }

    /** The sum over all networks of the squares of what is ordered. */
    double squaredNorms() {
        return tensors.stream().mapToDouble(SharedTensor::squaredNorms).sum();
    }

    /** By network and permutation, the gradient of the objective, {@code [place][unit]}; nothing for the one that is held. */
    double[][][] gradients() {
        for (double[][] ofNetwork : gradients) {
            for (double[] gradient : ofNetwork) {
                Arrays.fill(gradient, 0);
            }
        }
        tensors.forEach(tensor -> tensor.addGradients(held, gradients));
        return gradients;
    }

    /** The objective on the way to the permutations that the gradient asks for most; its value now is that at 0. */
    Quartic search() {
        gradients();
        for (int network = 0; network < orders.length; network++) {
            for (int layer = 0; network != held && layer < names.size(); layer++) {
                targets[network][layer] = solvers[network][layer]
                        .maximise(gradients[network][layer])
                        .columnOfRow();
            }
        }
        return tensors.stream()
                .map(tensor -> tensor.along(held, targets))
                .reduce(Quartic.ZERO, (sum, next) -> sum.plus(next, 1));
    }

    /** Goes the part {@code t} of the way of the last {@link #search}. */
    void advance(double t) {
        tensors.forEach(tensor -> tensor.advance(held, targets, t));
        for (int network = 0; network < orders.length; network++) {
            for (int layer = 0; network != held && layer < names.size(); layer++) {
                double[] order = orders[network][layer];
                int[] target = targets[network][layer];
                for (int cell = 0; cell < order.length; cell++) {
                    order[cell] *= 1 - t;
                }
                for (int place = 0; place < target.length; place++) {
                    order[place * target.length + target[place]] += t;
                }
            }
        }
    }

    /** One soft order, {@code [place][unit]}; to be read only. */
    double[] order(int network, int layer) {
        return orders[network][layer];
    }

    /** Of every network the permutations that are nearest to its soft orders. */
    List<Permutations> nearest() {
        List<Permutations> nearest = new ArrayList<>();
        for (double[][] ofNetwork : orders) {
            Map<String, int[]> byName = new LinkedHashMap<>();
            for (int layer = 0; layer < names.size(); layer++) {
                int units = (int) Math.round(Math.sqrt(ofNetwork[layer].length));
                byName.put(
                        names.get(layer),
                        LinearAssignment.maximise(ofNetwork[layer], units).columnOfRow());
            }
            nearest.add(Permutations.of(byName));
        }
        return nearest;
    }
}
