package org.basinlab.matching;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.Axis;
import org.basinlab.network.PermutationSpec.PermutedTensor;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Seeds;

/** Weight matching of any network word for word from the paper, element by element over the axes of its tensors. */
final class PlainSpecMatching {

    private final PermutationSpec spec;
    private final double[] a;
    private final float[] b;
    private final Map<String, int[]> orders = new LinkedHashMap<>();
    int sweeps;

    /** Of b with the mean of others. */
    PlainSpecMatching(List<Weights> others, Weights b) {
        spec = PermutationSpec.of(b.architecture());
        this.b = b.copy();
        a = new double[b.size()];
        for (Weights other : others) {
            for (int i = 0; i < a.length; i++) {
                a[i] += (double) other.at(i) / others.size();
            }
        }
        orders.putAll(Permutations.identity(spec).toMap());
    }

    Permutations run(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        List<String> names = List.copyOf(spec.sizes().keySet());
        boolean progress = true;
        while (progress && sweeps < 100) {
            progress = false;
            sweeps++;
            for (int layer : Seeds.shuffled(names.size(), random)) {
                String name = names.get(layer);
                double[][] m = products(name);
                int[] found = LinearAssignment.maximise(m).columnOfRow();
                progress |= total(m, found) > total(m, orders.get(name)) + 1e-12;
                orders.put(name, found);
            }
        }
        return Permutations.of(orders);
    }

    private double[][] products(String name) {
        double[][] m = new double[spec.units(name)][spec.units(name)];
        for (PermutedTensor tensor : spec.tensors()) {
            if (tensor.shape().isParameter()) {
                for (int element = 0; element < tensor.shape().size(); element++) {
                    add(tensor, element, name, m);
                }
            }
        }
        return m;
    }

    /** What one element of A gives with each unit of B in its own unit's place. */
    private void add(PermutedTensor tensor, int element, String name, double[][] m) {
        int own = -1;
        int unit = 0;
        int step = 0;
        int source = tensor.shape().offset();
        int stride = 1;
        for (int axis = tensor.axes().size() - 1; axis >= 0; axis--) {
            int length = tensor.shape().axes().get(axis);
            int index = element / stride % length;
            Optional<Axis> moved = tensor.axes().get(axis);
            if (moved.isEmpty()) {
                source += index * stride;
            } else {
                int units = spec.units(moved.get().permutation());
                int block = moved.get().block();
                int here = index / block % units;
                int rest = index - here * block;
                if (moved.get().permutation().equals(name)) {
                    own = axis;
                    unit = here;
                    step = block * stride;
                    source += rest * stride;
                } else {
                    source += (rest + orders.get(moved.get().permutation())[here] * block) * stride;
                }
            }
            stride *= length;
        }
        if (own >= 0) {
            double value = a[tensor.shape().offset() + element];
            for (int j = 0; j < m.length; j++) {
                m[unit][j] += value * b[source + j * step];
            }
        }
    }

    private static double total(double[][] m, int[] columnOfRow) {
        double total = 0;
        for (int i = 0; i < m.length; i++) {
            total += m[i][columnOfRow[i]];
        }
        return total;
    }
}
