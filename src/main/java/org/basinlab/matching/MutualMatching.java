package org.basinlab.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.assignment.Assignment;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;

/**
 * Networks that are aligned with each other's mean, one after another and again and again. The answers are those of
 * {@link WeightMatching} of each network, as it is then, with the float64 mean of the others, as they are then; but what was
 * computed for one matching is kept for the next and follows what moved meanwhile: products of the input weights of pairs
 * of networks, the products of every layer, and the prices of its assignment.
 *
 * <p>Where two pairings of a layer are equally good, which one is taken may depend on what was matched before. Without such
 * ties the permutations are those of the plain algorithm. Equal calls give equal answers on one BLAS kernel. Holds memory
 * outside of the heap until closed; for one thread at a time.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, algorithms 1 and 3</a>
 */
public final class MutualMatching implements AutoCloseable {

    static final int MOST_SWEEPS = 100;

    /**
     * A visit makes progress when the objective of its layer grows by more than this share of its own magnitude, at least
     * by this much. The algorithm's margin is absolute, 10⁻¹²; sums of some hundred products round at 10⁻¹³ of their
     * magnitude, so that above about 10 two tied pairings would count as progress for ever.
     */
    private static final double MARGIN = 1e-12;

    /** Sweeps after which {@link Progress} is told one half; how many there will be is not known beforehand. */
    private static final double USUAL_SWEEPS = 10;

    /**
     * What is kept of products between matchings takes at most this many bytes; larger networks, or more of them, are matched
     * from nothing each time. The networks themselves are held in the order of their places beside that: up to 12 bytes a
     * parameter.
     */
    private static final long MOST_BYTES = 512L << 20;

    private final boolean keep;
    private final Weights first;
    private final Population population;
    /** By network; empty where nothing is kept of it. */
    private final List<List<LayerCosts>> costs = new ArrayList<>();

    private double gain;

    /**
     * How one network was moved.
     *
     * @param sweeps how often every layer was visited, the last sweep without progress included
     * @param moved whether its order is another now
     * @param gain by how much ⟨mean of the others, network⟩ grew in the visits that made progress, in float64; what ties
     *     leave by rounding is not in it
     */
    public record Move(int sweeps, boolean moved, double gain) {}

    /**
     * All in their own order.
     *
     * @param networks two or more
     * @throws IllegalArgumentException if their architectures differ or a weight is not finite
     */
    public MutualMatching(List<Weights> networks) {
        this(networks, MOST_BYTES);
    }

    /** @param mostBytes to be kept between two matchings */
    MutualMatching(List<Weights> networks, long mostBytes) {
        if (networks.size() < 2) {
            throw new IllegalArgumentException("a matching takes at least 2 networks, was given " + networks.size());
        }
        networks.forEach(network -> requireAlignable(network, networks.get(0)));
        first = networks.get(0);
        keep = Population.bytesKept(networks.get(0), networks.size()) <= mostBytes;
        population = new Population(networks, keep);
        networks.forEach(network -> costs.add(new ArrayList<>()));
    }

    static void requireAlignable(Weights network, Weights first) {
        if (!network.architecture().equals(first.architecture())) {
            throw new IllegalArgumentException("networks must have one architecture to be aligned, were %s and %s"
                    .formatted(
                            first.architecture().label(), network.architecture().label()));
        }
        if (!network.isFinite()) {
            throw new IllegalArgumentException("weights must be finite to be aligned, held a NaN or an infinity");
        }
    }

    /**
     * Aligns one network, from its present order, with the mean of the others.
     *
     * @param network its place in the list
     * @param seed of the order of visits
     * @param progress told of every visit of a layer
     * @throws java.util.concurrent.CancellationException if {@code progress} says so
     */
    public Move align(int network, long seed, Progress progress) {
        return align(network, seed, progress, MOST_SWEEPS);
    }

    Move align(int network, long seed, Progress progress, int mostSweeps) {
        int[][] before = new int[layers()][];
        Arrays.setAll(before, layer -> population.order(network, layer));
        List<LayerCosts> layers = costs.get(network);
        while (layers.size() < layers()) {
            layers.add(new LayerCosts(population, network, layers.size()));
        }
        gain = 0;
        int sweeps = descend(network, Seeds.generator(seed), progress, mostSweeps);
        if (!keep) {
            layers.forEach(LayerCosts::close);
            layers.clear();
        }
        boolean moved = false;
        for (int layer = 0; layer < before.length; layer++) {
            moved |= !Arrays.equals(before[layer], population.order(network, layer));
        }
        return new Move(sweeps, moved, gain);
    }

    private int descend(int network, RandomGenerator random, Progress progress, int mostSweeps) {
        int visits = 0;
        for (int sweep = 1; sweep <= mostSweeps; sweep++) {
            boolean better = false;
            for (int layer : Seeds.shuffled(layers(), random)) {
                double sweeps = (double) visits++ / layers();
                progress.at(sweeps / (sweeps + USUAL_SWEEPS));
                better |= visit(network, layer);
            }
            if (!better) {
                return sweep;
            }
        }
        return mostSweeps;
    }

    /** Orders one layer's units at best while the others stay; answers whether that was progress. */
    private boolean visit(int network, int layer) {
        LayerCosts layerCosts = costs.get(network).get(layer);
        if (!layerCosts.update()) {
            // The same costs have the same optimum, in which this layer still stands.
            return false;
        }
        Assignment best = layerCosts.solve();
        double[] cost = layerCosts.costs();
        int[] old = population.order(network, layer);
        int[] found = best.columnOfRow();
        double saved = 0;
        for (int i = 0; i < old.length; i++) {
            if (found[i] != old[i]) {
                saved += cost[i * old.length + old[i]] - cost[i * old.length + found[i]];
            }
        }
        if (!Arrays.equals(found, old)) { // also where it is only a tie, as in the original
            population.reorder(network, layer, found);
        }
        int others = population.count() - 1;
        boolean better = saved / others > MARGIN * Math.max(1, Math.abs(best.cost() / others));
        if (better) {
            gain += saved / others;
        }
        return better;
    }

    /**
     * Gives one network other weights, in its original order; all stand as they stood, so the next matching starts from
     * there.
     *
     * @throws IllegalArgumentException if the architecture is another or a weight is not finite
     */
    void replace(int network, Weights weights) {
        requireAlignable(weights, first);
        population.replace(network, weights);
        costs.forEach(layers -> layers.forEach(LayerCosts::renew));
    }

    private int layers() {
        return population.names().size();
    }

    /** What was done so far to a network in its original order. */
    public Permutations permutations(int network) {
        return population.permutations(network);
    }

    @Override
    public void close() {
        costs.forEach(layers -> layers.forEach(LayerCosts::close));
        population.close();
    }
}
