package org.basinlab.matching;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.basinlab.assignment.Assignment;
import org.basinlab.assignment.LinearAssignment;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * Weight matching: permutes the hidden units of B so that Σ⟨A, πB⟩ grows, one layer at a time, each step an exact linear
 * assignment, until a whole sweep over the layers brings no progress.
 *
 * <p>The answer is a local optimum that depends on the order of visits, which the seed gives: a fresh random order every
 * sweep. In float64 throughout, from the identity, at most {@value #MOST_SWEEPS} sweeps. Equal inputs and seed give equal
 * permutations on one BLAS kernel. A sweep over the 512-512-512-256 network of the papers costs six products of
 * 512×512×512 and four assignments; the product of the inputs' weights, which no permutation touches, is made once.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, algorithm 1</a>
 */
public final class WeightMatching {

    static final int MOST_SWEEPS = 100;

    /**
     * A visit makes progress when the objective of its layer grows by more than this share of its own magnitude, at least
     * by this much. The algorithm's margin is absolute, 10⁻¹²; sums of some hundred products round at 10⁻¹³ of their
     * magnitude, so that above about 10 two tied pairings would count as progress for ever.
     */
    private static final double MARGIN = 1e-12;

    /** Sweeps after which {@link Progress} is told one half; how many there will be is not known beforehand. */
    private static final double USUAL_SWEEPS = 10;

    private final PermutationSpec spec;
    private final List<String> names;
    private final double[] a;
    private final Weights b;
    private final int mostSweeps;

    private final int[][] vectors;
    /** How often each permutation changed. */
    private final int[] versions;

    private int visits;

    private WeightMatching(double[] a, Weights b, int mostSweeps) {
        spec = PermutationSpec.of(b.architecture());
        names = List.copyOf(spec.sizes().keySet());
        this.a = a;
        this.b = b;
        this.mostSweeps = mostSweeps;
        vectors = new int[names.size()][];
        for (int k = 0; k < vectors.length; k++) {
            vectors[k] = Permutations.identity(spec).get(names.get(k));
        }
        versions = new int[names.size()];
    }

    /**
     * Aligns {@code b} with {@code a}.
     *
     * @param progress told of every visit of a layer
     * @throws IllegalArgumentException if the architectures differ or a weight is not finite
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment align(Weights a, Weights b, long seed, Progress progress) {
        return alignWithMean(List.of(a), b, seed, progress);
    }

    /**
     * Aligns {@code b} with the mean of {@code others}, which is taken in float64 and never rounded.
     *
     * @param others at least one, of b's architecture
     * @param progress told of every visit of a layer
     * @throws IllegalArgumentException if the architectures differ or a weight is not finite
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Alignment alignWithMean(List<Weights> others, Weights b, long seed, Progress progress) {
        return alignWithMean(others, b, seed, progress, MOST_SWEEPS);
    }

    static Alignment alignWithMean(List<Weights> others, Weights b, long seed, Progress progress, int mostSweeps) {
        requireFinite(b);
        others.forEach(other -> requireSameArchitecture(other.architecture(), b.architecture()));
        others.forEach(WeightMatching::requireFinite);
        long started = System.nanoTime();
        double[] a = mean(others);
        WeightMatching matching = new WeightMatching(a, b, mostSweeps);
        int sweeps = matching.descend(Seeds.generator(seed), progress);
        Permutations permutations = matching.permutations();
        FloatBuffer before = b.flat();
        FloatBuffer after = permutations.apply(b).flat();
        return new Alignment(
                permutations,
                Sums.inner(a, after),
                Sums.distance(a, before),
                Sums.distance(a, after),
                sweeps,
                Duration.ofNanos(System.nanoTime() - started));
    }

    private int descend(RandomGenerator random, Progress progress) {
        try (GramProducts products = new GramProducts(spec, names, a, b.copy())) {
            for (int sweep = 1; sweep <= mostSweeps; sweep++) {
                boolean moved = false;
                for (int layer : Seeds.shuffled(names.size(), random)) {
                    double sweeps = (double) visits++ / names.size();
                    progress.at(sweeps / (sweeps + USUAL_SWEEPS));
                    moved |= visit(layer, products);
                }
                if (!moved) {
                    return sweep;
                }
            }
            return mostSweeps;
        }
    }

    /** Orders one layer's units at best while the others stay; answers whether that was progress. */
    private boolean visit(int layer, GramProducts products) {
        if (products.isUpToDate(layer, versions)) {
            // The same products have the same optimum, in which this layer still stands.
            return false;
        }
        double[] gain = products.of(layer, vectors, versions);
        int[] old = vectors[layer];
        double before = 0;
        for (int i = 0; i < old.length; i++) {
            before += gain[i * old.length + old[i]];
        }
        Assignment best = LinearAssignment.maximise(gain, old.length);
        int[] found = best.columnOfRow();
        if (!Arrays.equals(found, old)) { // also where it is only a tie, as in the original
            vectors[layer] = found;
            versions[layer]++;
        }
        return best.cost() > before + MARGIN * Math.max(1, Math.abs(before));
    }

    private Permutations permutations() {
        Map<String, int[]> byName = new LinkedHashMap<>();
        for (int k = 0; k < vectors.length; k++) {
            byName.put(names.get(k), vectors[k]);
        }
        return Permutations.of(byName);
    }

    private static double[] mean(List<Weights> networks) {
        double[] mean = new double[networks.get(0).size()];
        for (Weights network : networks) {
            FloatBuffer values = network.flat();
            for (int i = 0; i < mean.length; i++) {
                mean[i] += values.get(i);
            }
        }
        if (networks.size() > 1) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] /= networks.size();
            }
        }
        return mean;
    }

    private static void requireSameArchitecture(Architecture a, Architecture b) {
        if (!a.equals(b)) {
            throw new IllegalArgumentException("networks must have one architecture to be aligned, were %s and %s"
                    .formatted(a.label(), b.label()));
        }
    }

    private static void requireFinite(Weights weights) {
        if (!weights.isFinite()) {
            throw new IllegalArgumentException("weights must be finite to be aligned, held a NaN or an infinity");
        }
    }
}
