package org.basinlab.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.Axis;
import org.basinlab.network.PermutationSpec.PermutedTensor;
import org.basinlab.recipe.TensorShape;

/**
 * One tensor as one permutation sees it: a slice for each unit that the permutation orders, and along the slices the places.
 * What another permutation orders comes first among them: unit q of its axis has the places {@code q·depth} …
 * {@code q·depth + depth − 1}. Windows of convolutions, blocks and repeats of either axis, and all axes that nothing orders,
 * are depth.
 */
final class TensorView {

    static final int NONE = -1;

    private static final int TILE = 16;

    private final TensorShape shape;
    private final int other;
    private final int units;
    private final int slots;
    /** Among the flat weights: where unit 0 of every place lies, and how far the next unit is from it. */
    private final int[] starts;

    private final int stride;
    private final boolean longAndFixed;

    private TensorView(
            TensorShape shape, int other, int units, int slots, int[] starts, int stride, boolean longAndFixed) {
        this.shape = shape;
        this.other = other;
        this.units = units;
        this.slots = slots;
        this.starts = starts;
        this.stride = stride;
        this.longAndFixed = longAndFixed;
    }

    /** For each of {@code names}, all trained tensors that it orders. */
    static List<List<TensorView>> of(PermutationSpec spec, List<String> names) {
        List<List<TensorView>> viewsOfLayer = new ArrayList<>();
        for (String name : names) {
            List<TensorView> views = new ArrayList<>();
            for (PermutedTensor tensor : spec.tensors()) {
                if (tensor.shape().isParameter()) {
                    axisOf(tensor, name).ifPresent(axis -> views.add(of(tensor, axis, names, spec)));
                }
            }
            viewsOfLayer.add(withOneLong(views));
        }
        return viewsOfLayer;
    }

    private static Optional<Integer> axisOf(PermutedTensor tensor, String name) {
        return IntStream.range(0, tensor.axes().size())
                .filter(axis -> tensor.axes()
                        .get(axis)
                        .filter(a -> a.permutation().equals(name))
                        .isPresent())
                .boxed()
                .findFirst();
    }

    private static TensorView of(PermutedTensor tensor, int own, List<String> names, PermutationSpec spec) {
        TensorShape shape = tensor.shape();
        int[] starts = {shape.offset()};
        int other = NONE;
        int slots = 1;
        for (int axis = 0; axis < shape.axes().size(); axis++) {
            Optional<Axis> moving = tensor.axes().get(axis);
            if (axis != own && moving.isPresent()) {
                String name = moving.get().permutation();
                other = names.indexOf(name);
                slots = spec.units(name);
                int stride = stride(shape, axis);
                starts = spread(starts, slots, moving.get().block() * stride);
                starts = spreadWithin(starts, moving.get(), slots, stride);
            }
        }
        Axis mine = tensor.axes().get(own).orElseThrow();
        int units = spec.units(mine.permutation());
        starts = spreadWithin(starts, mine, units, stride(shape, own));
        for (int axis = 0; axis < shape.axes().size(); axis++) {
            if (tensor.axes().get(axis).isEmpty()) {
                starts = spread(starts, shape.axes().get(axis), stride(shape, axis));
            }
        }
        return new TensorView(shape, other, units, slots, starts, mine.block() * stride(shape, own), false);
    }

    /** Repeats and blocks of an axis. */
    private static int[] spreadWithin(int[] starts, Axis axis, int units, int stride) {
        return spread(spread(starts, axis.repeats(), units * axis.block() * stride), axis.block(), stride);
    }

    /** {@code count} places in the stead of each, {@code stride} apart. */
    private static int[] spread(int[] starts, int count, int stride) {
        int[] spread = new int[starts.length * count];
        for (int i = 0; i < spread.length; i++) {
            spread[i] = starts[i / count] + i % count * stride;
        }
        return spread;
    }

    private static int stride(TensorShape shape, int axis) {
        return shape.axes().subList(axis + 1, shape.axes().size()).stream().reduce(1, Math::multiplyExact);
    }

    /** Marks the longest of those whose slices never change, lie in one piece and are longer than there are units. */
    private static List<TensorView> withOneLong(List<TensorView> views) {
        Optional<TensorView> longest = views.stream()
                .filter(view -> view.other == NONE && view.stride == view.places() && view.places() > view.units)
                .reduce((first, second) -> second.places() > first.places() ? second : first);
        return views.stream()
                .map(view -> longest.filter(view::equals).isPresent()
                        ? new TensorView(view.shape, view.other, view.units, view.slots, view.starts, view.stride, true)
                        : view)
                .toList();
    }

    TensorShape shape() {
        return shape;
    }

    /** The place, in the list of permutations, of the one that orders another axis, or {@link #NONE}. */
    int other() {
        return other;
    }

    int units() {
        return units;
    }

    /** Units that the other permutation orders; 1 where there is none. */
    int slots() {
        return slots;
    }

    /** Places of each unit of the other permutation. */
    int depth() {
        return starts.length / slots;
    }

    /** Places along a slice. */
    int places() {
        return starts.length;
    }

    /** Whether the slices never change, are long and lie in one piece: products of pairs of networks are worth keeping. */
    boolean isLongAndFixed() {
        return longAndFixed;
    }

    /** The tensor with all units of one place beside each other, {@code [places][units]}. */
    float[] byPlace(float[] flat) {
        float[] result = new float[places() * units];
        if (stride == 1) {
            for (int place = 0; place < starts.length; place++) {
                System.arraycopy(flat, starts[place], result, place * units, units);
            }
            return result;
        }
        for (int from = 0; from < starts.length; from += TILE) { // tiles stay in the cache, whole columns would not
            int to = Math.min(from + TILE, starts.length);
            for (int unit = 0; unit < units; unit++) {
                int step = unit * stride;
                for (int place = from; place < to; place++) {
                    result[place * units + unit] = flat[starts[place] + step];
                }
            }
        }
        return result;
    }
}
