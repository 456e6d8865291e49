package org.basinlab.network;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.basinlab.network.PermutationSpec.PermutedTensor;

/**
 * One order of the hidden units of a network: by name an index vector p, where {@code p[i]} is the unit that is put in
 * place i (a gather). Immutable.
 */
public final class Permutations {

    private final Map<String, int[]> byName;

    private Permutations(Map<String, int[]> byName) {
        this.byName = byName;
    }

    /**
     * The permutations of {@code byName}, in its order; the arrays are copied.
     *
     * @throws IllegalArgumentException if a vector of length n does not hold each of 0 … n−1 once
     */
    public static Permutations of(Map<String, int[]> byName) {
        Map<String, int[]> copy = new LinkedHashMap<>();
        byName.forEach((name, vector) -> {
            requireBijection(name, vector);
            copy.put(name, vector.clone());
        });
        return new Permutations(copy);
    }

    /** Every unit in its own place. */
    public static Permutations identity(PermutationSpec spec) {
        Map<String, int[]> vectors = new LinkedHashMap<>();
        spec.sizes().forEach((name, size) -> {
            int[] vector = new int[size];
            Arrays.setAll(vector, i -> i);
            vectors.put(name, vector);
        });
        return new Permutations(vectors);
    }

    /** A copy by name, ready to be written as JSON. */
    public Map<String, int[]> toMap() {
        Map<String, int[]> copy = new LinkedHashMap<>();
        byName.forEach((name, vector) -> copy.put(name, vector.clone()));
        return Collections.unmodifiableMap(copy);
    }

    /**
     * A copy of one vector.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public int[] get(String name) {
        return require(name).clone();
    }

    public boolean isIdentity() {
        return byName.values().stream().allMatch(vector -> {
            for (int i = 0; i < vector.length; i++) {
                if (vector[i] != i) {
                    return false;
                }
            }
            return true;
        });
    }

    /**
     * These first, then {@code next}: {@code p.then(q).apply(w)} is {@code q.apply(p.apply(w))}.
     *
     * @throws IllegalArgumentException if the two differ in names or sizes
     */
    public Permutations then(Permutations next) {
        if (!byName.keySet().equals(next.byName.keySet())) {
            throw new IllegalArgumentException("permutations of %s cannot follow permutations of %s"
                    .formatted(next.byName.keySet(), byName.keySet()));
        }
        Map<String, int[]> composed = new LinkedHashMap<>();
        byName.forEach((name, vector) -> {
            int[] second = next.require(name);
            requireSize(name, second.length, vector.length);
            composed.put(name, Arrays.stream(second).map(place -> vector[place]).toArray());
        });
        return new Permutations(composed);
    }

    /**
     * The same network with its hidden units in this order; exact, since numbers are only moved.
     *
     * @throws IllegalArgumentException if these are not the permutations of its architecture
     */
    public Weights apply(Weights weights) {
        PermutationSpec spec = PermutationSpec.of(weights.architecture());
        requireFit(spec);
        float[] from = weights.copy();
        float[] to = new float[from.length];
        for (PermutedTensor tensor : spec.tensors()) {
            gather(tensor, from, to);
        }
        return Weights.owning(weights.architecture(), to);
    }

    /** Copies whole stretches behind the last permuted axis; each index before it is looked up. */
    private void gather(PermutedTensor tensor, float[] from, float[] to) {
        List<Integer> lengths = tensor.shape().axes();
        int last = lastPermuted(tensor);
        int stretch = 1;
        for (int axis = last + 1; axis < lengths.size(); axis++) {
            stretch *= lengths.get(axis);
        }
        int[] sources = {tensor.shape().offset()};
        for (int axis = 0; axis <= last; axis++) {
            int stride = stretch;
            for (int after = axis + 1; after <= last; after++) {
                stride *= lengths.get(after);
            }
            sources = spread(sources, indices(tensor.axes().get(axis), lengths.get(axis)), stride);
        }
        int target = tensor.shape().offset();
        for (int source : sources) {
            if (stretch == 1) {
                to[target] = from[source];
            } else {
                System.arraycopy(from, source, to, target, stretch);
            }
            target += stretch;
        }
    }

    private static int lastPermuted(PermutedTensor tensor) {
        int last = -1;
        for (int axis = 0; axis < tensor.axes().size(); axis++) {
            last = tensor.axes().get(axis).isPresent() ? axis : last;
        }
        return last;
    }

    /** For every one of {@code sources} in turn, where the indices of the next axis begin. */
    private static int[] spread(int[] sources, int[] indices, int stride) {
        int[] spread = new int[sources.length * indices.length];
        int next = 0;
        for (int source : sources) {
            for (int index : indices) {
                spread[next++] = source + index * stride;
            }
        }
        return spread;
    }

    /** Which index of an axis is put in each place. */
    private int[] indices(Optional<PermutationSpec.Axis> axis, int length) {
        int[] indices = new int[length];
        if (axis.isEmpty()) {
            Arrays.setAll(indices, i -> i);
            return indices;
        }
        int[] vector = require(axis.get().permutation());
        int block = axis.get().block();
        int repeat = vector.length * block;
        Arrays.setAll(indices, i -> i / repeat * repeat + vector[i % repeat / block] * block + i % block);
        return indices;
    }

    private void requireFit(PermutationSpec spec) {
        if (!byName.keySet().equals(spec.sizes().keySet())) {
            throw new IllegalArgumentException("the network has permutations %s, was given %s"
                    .formatted(spec.sizes().keySet(), byName.keySet()));
        }
        spec.sizes().forEach((name, size) -> requireSize(name, require(name).length, size));
    }

    private int[] require(String name) {
        int[] vector = byName.get(name);
        if (vector == null) {
            throw new IllegalArgumentException("no permutation %s among %s".formatted(name, byName.keySet()));
        }
        return vector;
    }

    private static void requireSize(String name, int found, int wanted) {
        if (found != wanted) {
            throw new IllegalArgumentException("%s must order %d units, ordered %d".formatted(name, wanted, found));
        }
    }

    private static void requireBijection(String name, int[] vector) {
        Objects.requireNonNull(vector, name);
        boolean[] seen = new boolean[vector.length];
        for (int i = 0; i < vector.length; i++) {
            int unit = vector[i];
            if (unit < 0 || unit >= vector.length || seen[unit]) {
                throw new IllegalArgumentException("%s must hold each of 0 to %d once, but %s[%d] is %d"
                        .formatted(name, vector.length - 1, name, i, unit));
            }
            seen[unit] = true;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Permutations that
                && byName.keySet().equals(that.byName.keySet())
                && byName.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), that.require(entry.getKey())));
    }

    @Override
    public int hashCode() {
        return byName.entrySet().stream()
                .mapToInt(entry -> entry.getKey().hashCode() ^ Arrays.hashCode(entry.getValue()))
                .sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Permutations");
        byName.forEach(
                (name, vector) -> text.append(' ').append(name).append('=').append(Arrays.toString(vector)));
        return text.toString();
    }
}
