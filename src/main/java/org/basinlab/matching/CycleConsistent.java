package org.basinlab.matching;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * C²M³: orders several networks at once, each towards places that all share, so that the sum over all pairs of ⟨π_i W_i,
 * π_j W_j⟩ grows. From network i to j by way of k is then always the same as from i to j directly.
 *
 * <p>Frank and Wolfe's algorithm: all orders are relaxed to doubly stochastic matrices; each iteration asks the gradient
 * by all of them for its best permutations, one linear assignment each, and goes towards all of them together, as far as
 * is best: the objective on that way is a polynomial of degree four, whose greatest value is computed, not searched for. So
 * the relaxed objective never falls. It ends when an iteration gains less than {@value #MARGIN} of the networks' squared
 * norms, and every order is replaced by its nearest permutation; where those are worse than the start, that is taken.
 *
 * <p>There are two starts: the networks as they are given, as the authors have it, and all aligned with the one that is held
 * by weight matching; the better result is the answer. From the first alone copies of one network are not led back to each
 * other: there all are as far from all, and the orders stay between two permutations.
 *
 * <p>Unlike the authors' program, one network, drawn by the seed, is held in its own order. What all take alike changes
 * nothing, so no solution is lost; but without it two networks that start alike would each take the other's place. In
 * float64. Equal inputs and seed give equal answers on one BLAS kernel. Memory: about 36 bytes for each weight of each
 * network.
 *
 * @see <a href="https://arxiv.org/abs/2405.17897">Crisostomi et al. 2024, C²M³: Cycle-Consistent Multi-Model Merging</a>
 */
public final class CycleConsistent {

    static final double MARGIN = 1e-7;

    private CycleConsistent() {}

    /**
     * Orders in which networks agree.
     *
     * @param permutations one for each network, of it as it was given: they put its units where those of the first network
     *     stand, which itself stays as it is
     * @param objective Σ⟨π_i W_i, π_j W_j⟩ over all pairs and all parameters
     * @param iterations of the better start, the last one without progress included
     */
    public record Agreement(List<Permutations> permutations, double objective, int iterations) {
        public Agreement {
            permutations = List.copyOf(permutations);
        }
    }

    /**
     * Aligns {@code networks} with each other.
     *
     * @param networks two or more
     * @param mostIterations of each start, at least 1
     * @param progress told of every iteration
     * @throws IllegalArgumentException if the architectures differ, a weight is not finite, or there are too few networks
     *     or iterations
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public static Agreement align(List<Weights> networks, int mostIterations, long seed, Progress progress) {
        if (networks.size() < 2 || mostIterations < 1) {
            throw new IllegalArgumentException("there must be at least 2 networks and 1 iteration, were %d and %d"
                    .formatted(networks.size(), mostIterations));
        }
        networks.forEach(network -> MutualMatching.requireAlignable(network, networks.get(0)));
        int held = Seeds.generator(seed).nextInt(networks.size());
        Permutations identity =
                Permutations.identity(PermutationSpec.of(networks.get(0).architecture()));
        List<Permutations> asGiven = Collections.nCopies(networks.size(), identity);
        Agreement first = climb(networks, asGiven, held, mostIterations, part(progress, 0));
        List<Permutations> aligned = new ArrayList<>(asGiven);
        for (int i = 0; i < networks.size(); i++) {
            if (i != held) {
                long own = Seeds.derive(seed, "start", i);
                Alignment start = WeightMatching.align(networks.get(held), networks.get(i), own, Progress.UNWATCHED);
                aligned.set(i, start.permutations());
            }
        }
        Agreement second = climb(networks, aligned, held, mostIterations, part(progress, 1));
        return second.objective() > first.objective() ? second : first;
    }

    private static Progress part(Progress whole, int index) {
        return fraction -> whole.at((index + fraction) / 2);
    }

    /** From one start; where the nearest permutations came out worse than it, the start. */
    private static Agreement climb(
            List<Weights> networks, List<Permutations> start, int held, int mostIterations, Progress progress) {
        List<Weights> moved = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            moved.add(start.get(i).apply(networks.get(i)));
        }
        SoftOrders orders = new SoftOrders(moved, held);
        double margin = MARGIN * orders.squaredNorms();
        int iterations = 0;
        double gain = Double.POSITIVE_INFINITY;
        while (iterations < mostIterations && gain > margin) {
            progress.at((double) iterations / mostIterations);
            Quartic way = orders.search();
            double t = way.greatest();
            gain = way.at(t) - way.c0();
            orders.advance(t);
            iterations++;
        }
        List<Permutations> further = orders.nearest();
        List<Permutations> found = new ArrayList<>();
        for (int i = 0; i < start.size(); i++) {
            found.add(start.get(i).then(further.get(i)));
        }
        double before = objective(networks, start);
        double after = objective(networks, found);
        return after >= before
                ? new Agreement(fromFirst(found), after, iterations)
                : new Agreement(fromFirst(start), before, iterations);
    }

    /** The same orders towards the places of the first network's own units. */
    private static List<Permutations> fromFirst(List<Permutations> toShared) {
        Permutations back = inverse(toShared.get(0));
        return toShared.stream().map(permutations -> permutations.then(back)).toList();
    }

    private static Permutations inverse(Permutations permutations) {
        Map<String, int[]> byName = new LinkedHashMap<>();
        permutations.toMap().forEach((name, vector) -> {
            int[] inverse = new int[vector.length];
            for (int place = 0; place < vector.length; place++) {
                inverse[vector[place]] = place;
            }
            byName.put(name, inverse);
        });
        return Permutations.of(byName);
    }

    /** Σ⟨π_i W_i, π_j W_j⟩ over all pairs. */
    private static double objective(List<Weights> networks, List<Permutations> permutations) {
        List<Weights> before = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < networks.size(); i++) {
            Weights moved = permutations.get(i).apply(networks.get(i));
            if (i > 0) {
                sum += i * Sums.of(before, moved).inner(); // the product with the mean of those before it
            }
            before.add(moved);
        }
        return sum;
    }
}
