package org.basinlab.matching;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.Permutations;
import org.basinlab.network.Weights;

/**
 * The networks of one matching with the order of their units as it is, and the memory that all their products share. Units
 * are counted as in the original, places as in the present order.
 */
final class Population implements AutoCloseable {

    private final List<String> names;
    private final List<List<TensorView>> views;
    /** By network, layer and view of the layer. */
    private final float[][][][] byPlace;

    private final Map<TensorView, LongProducts> longProducts = new HashMap<>();
    private final List<float[]> flat;
    /** By network and layer, the unit in each place; a vector is replaced as a whole and never written to. */
    private final int[][][] orders;

    private final double[][] costs;
    private final double[] left;
    private final double[] right;
    private final Gemm gemm;

    /** @param keep whether products of pairs of networks are kept */
    Population(List<Weights> networks, boolean keep) {
        PermutationSpec spec = PermutationSpec.of(networks.get(0).architecture());
        names = List.copyOf(spec.sizes().keySet());
        views = TensorView.of(spec, names);
        flat = new ArrayList<>(networks.stream().map(Weights::copy).toList());
        Permutations identity = Permutations.identity(spec);
        byPlace = new float[flat.size()][][][];
        orders = new int[flat.size()][][];
        for (int network = 0; network < byPlace.length; network++) {
            byPlace[network] = slices(flat.get(network));
            orders[network] = names.stream().map(identity::get).toArray(int[][]::new);
        }
        int widest = spec.sizes().values().stream().mapToInt(size -> size).max().orElse(0);
        int longest = 0;
        int largest = 0;
        for (List<TensorView> layer : views) {
            for (TensorView view : layer) {
                largest = Math.max(largest, view.shape().size());
                longest = view.isLongAndFixed() ? longest : Math.max(longest, view.places() * view.units());
            }
        }
        costs = spec.sizes().values().stream().map(n -> new double[n * n]).toArray(double[][]::new);
        left = new double[longest];
        right = new double[longest];
        gemm = new Gemm(largest, Math.multiplyExact(widest, widest));
        for (List<TensorView> layer : views) {
            layer.stream()
                    .filter(TensorView::isLongAndFixed)
                    .forEach(view -> longProducts.put(view, new LongProducts(view, flat, keep, gemm)));
        }
    }

    private float[][][] slices(float[] values) {
        return views.stream()
                .map(layer -> layer.stream().map(view -> slices(view, values)).toArray(float[][]::new))
                .toArray(float[][][]::new);
    }

    /** Gives one network other weights, in their original order; the order that it stands in stays. */
    void replace(int network, Weights weights) {
        flat.set(network, weights.copy());
        byPlace[network] = slices(flat.get(network));
        longProducts.values().forEach(products -> products.forget(network));
    }

    private static float[] slices(TensorView view, float[] values) {
        return view.isLongAndFixed() ? new float[0] : view.byPlace(values);
    }

    /** Bytes that {@code count} such networks take when all is kept. */
    static long bytesKept(Weights network, int count) {
        PermutationSpec spec = PermutationSpec.of(network.architecture());
        long each = 0;
        long pair = 0;
        for (List<TensorView> layer :
                TensorView.of(spec, List.copyOf(spec.sizes().keySet()))) {
            long square = (long) layer.get(0).units() * layer.get(0).units() * Double.BYTES;
            each += square;
            for (TensorView view : layer) {
                long size = view.shape().size();
                each += view.isLongAndFixed() ? square : size * (Double.BYTES + Float.BYTES);
                pair += view.isLongAndFixed() ? square : 0;
            }
        }
        return count * each + (long) count * (count - 1) * pair;
    }

    int count() {
        return orders.length;
    }

    List<String> names() {
        return names;
    }

    List<TensorView> views(int layer) {
        return views.get(layer);
    }

    /** Of one network, {@code [places][units]}; to be read only. */
    float[] slices(int network, int layer, int view) {
        return byPlace[network][layer][view];
    }

    Optional<LongProducts> longProducts(TensorView view) {
        return Optional.ofNullable(longProducts.get(view));
    }

    /** The unit in each place; to be read only. */
    int[] order(int network, int layer) {
        return orders[network][layer];
    }

    /** The units of one layer in every network. */
    int[][] orders(int layer) {
        int[][] all = new int[orders.length][];
        for (int network = 0; network < all.length; network++) {
            all[network] = orders[network][layer];
        }
        return all;
    }

    void reorder(int network, int layer, int[] order) {
        orders[network][layer] = order;
    }

    /** All that was done to one network. */
    Permutations permutations(int network) {
        Map<String, int[]> byName = new LinkedHashMap<>();
        for (int layer = 0; layer < names.size(); layer++) {
            byName.put(names.get(layer), orders[network][layer]);
        }
        return Permutations.of(byName);
    }

    /** Where a layer's costs are put to be solved, {@code [units][units]}. */
    double[] costs(int layer) {
        return costs[layer];
    }

    /** Where the left operand of a product is gathered; as long as the largest. */
    double[] left() {
        return left;
    }

    double[] right() {
        return right;
    }

    Gemm gemm() {
        return gemm;
    }

    @Override
    public void close() {
        gemm.close();
    }
}
