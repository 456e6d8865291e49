package org.basinlab.matching;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/** Weight matching of MLPs word for word from the paper: every product made anew in plain loops, no visit skipped. */
final class PlainWeightMatching {

    private final List<TensorShape> tensors;
    private final double[] a;
    private final float[] b;
    private final int[][] p;
    int sweeps;

    PlainWeightMatching(Weights a, Weights b) {
        this(List.of(a), b);
    }

    /** Of b with the mean of others. */
    PlainWeightMatching(List<Weights> others, Weights b) {
        Architecture.Mlp mlp = (Architecture.Mlp) b.architecture();
        tensors = mlp.tensors();
        a = new double[b.size()];
        for (Weights other : others) {
            for (int i = 0; i < a.length; i++) {
                a[i] += other.at(i);
            }
        }
        for (int i = 0; i < a.length; i++) {
            a[i] /= others.size();
        }
        this.b = b.copy();
        p = new int[mlp.hidden().size()][];
        for (int layer = 0; layer < p.length; layer++) {
            p[layer] = identity(mlp.hidden().get(layer));
        }
    }

    Permutations run(long seed) {
        RandomGenerator random = Seeds.generator(seed);
        boolean progress = true;
        while (progress && sweeps < 100) {
            progress = false;
            sweeps++;
            for (int layer : Seeds.shuffled(p.length, random)) {
                double[][] m = products(layer);
                int[] found = LinearAssignment.maximise(m).columnOfRow();
                progress |= total(m, found) > total(m, p[layer]) + 1e-12;
                p[layer] = found;
            }
        }
        Map<String, int[]> byName = new LinkedHashMap<>();
        for (int layer = 0; layer < p.length; layer++) {
            byName.put("P_" + layer, p[layer]);
        }
        return Permutations.of(byName);
    }

    private double[][] products(int layer) {
        int n = p[layer].length;
        TensorShape in = tensors.get(2 * layer);
        TensorShape bias = tensors.get(2 * layer + 1);
        TensorShape out = tensors.get(2 * layer + 2);
        int columns = in.axes().get(1);
        int rows = out.axes().get(0);
        int[] before = layer > 0 ? p[layer - 1] : identity(columns);
        int[] after = layer + 1 < p.length ? p[layer + 1] : identity(rows);
        double[][] m = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = a[bias.offset() + i] * b[bias.offset() + j];
                for (int c = 0; c < columns; c++) {
                    sum += a[in.offset() + i * columns + c] * b[in.offset() + j * columns + before[c]];
                }
                for (int r = 0; r < rows; r++) {
                    sum += a[out.offset() + r * n + i] * b[out.offset() + after[r] * n + j];
                }
                m[i][j] = sum;
            }
        }
        return m;
    }

    private static double total(double[][] m, int[] columnOfRow) {
        double total = 0;
        for (int i = 0; i < m.length; i++) {
            total += m[i][columnOfRow[i]];
        }
        return total;
    }

    private static int[] identity(int n) {
        int[] identity = new int[n];
        Arrays.setAll(identity, i -> i);
        return identity;
    }
}
