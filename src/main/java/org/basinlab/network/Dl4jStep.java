package org.basinlab.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.TensorShape;

/**
 * One step of a network in words, so that a configuration and a graph can be compared, with its tensors as they lie in
 * Deeplearning4j's one vector of parameters.
 *
 * @param what {@code linear layer of 512 units}
 * @param units that it gives
 * @param stored tensors in the archive's order
 * @param constants values of tensors that are not stored, by their place among those of the operation
 */
record Dl4jStep(String what, Kind kind, int units, List<Stored> stored, Map<Integer, Float> constants) {

    enum Kind {
        CONVOLUTION,
        NORMALISE,
        RELU,
        MAXIMUM,
        LINEAR
    }

    /**
     * One stored tensor. A dense weight is {@code [in, out]} with columns side by side, which is the order of our
     * {@code [out, in]}; a convolution's is ours too, but lies after its bias.
     *
     * @param place among the tensors of the graph's operation
     * @param size its values
     * @param isLogDeviation whether what is stored of a variance is the logarithm to base 10 of its root
     */
    record Stored(int place, int size, boolean isLogDeviation) {}

    static Dl4jStep plain(String what, Kind kind) {
        return new Dl4jStep(what, kind, 0, List.of(), Map.of());
    }

    static Dl4jStep relu() {
        return plain("rectifier", Kind.RELU);
    }

    static Dl4jStep maximum() {
        return plain("maximum over 2 × 2", Kind.MAXIMUM);
    }

    static Dl4jStep linear(int in, int out, boolean bias) {
        List<Stored> stored = new ArrayList<>(List.of(new Stored(0, product(in, out), false)));
        if (bias) {
            stored.add(new Stored(1, out, false));
        }
        String what = "linear layer of %d inputs and %d units".formatted(in, out);
        return new Dl4jStep(what, Kind.LINEAR, out, stored, bias ? Map.of() : Map.of(1, 0f));
    }

    static Dl4jStep convolution(int in, int out, boolean bias) {
        List<Stored> stored = new ArrayList<>();
        if (bias) {
            stored.add(new Stored(1, out, false));
        }
        stored.add(new Stored(0, product(product(in, out), 9), false));
        String what = "convolution of 3 × 3 from %d to %d channels".formatted(in, out);
        return new Dl4jStep(what, Kind.CONVOLUTION, out, stored, bias ? Map.of() : Map.of(1, 0f));
    }

    /** @param fixed scale and shift where they are not stored */
    static Dl4jStep normalise(int channels, boolean logDeviation, Optional<float[]> fixed) {
        List<Stored> stored = new ArrayList<>();
        Map<Integer, Float> constants = new TreeMap<>();
        if (fixed.isPresent()) {
            constants.put(0, fixed.get()[0]);
            constants.put(1, fixed.get()[1]);
        } else {
            stored.add(new Stored(0, channels, false));
            stored.add(new Stored(1, channels, false));
        }
        stored.add(new Stored(2, channels, false));
        stored.add(new Stored(3, channels, logDeviation));
        return new Dl4jStep(
                "normalisation of %d channels over batches".formatted(channels),
                Kind.NORMALISE,
                channels,
                stored,
                constants);
    }

    private static int product(int a, int b) {
        long product = (long) a * b;
        if (product > Architecture.MOST_PARAMETERS) {
            throw Dl4jException.malformed("must have layers of at most %d weights, has one of %d × %d"
                    .formatted(Architecture.MOST_PARAMETERS, a, b));
        }
        return (int) product;
    }

    /** The steps of a graph, with the nodes that they stand for; a flattening is none. */
    static Map<Integer, Dl4jStep> of(Graph graph) {
        Map<Integer, Dl4jStep> steps = new TreeMap<>();
        for (int i = 1; i < graph.size(); i++) {
            Optional<Dl4jStep> step = of(graph.node(i).operation());
            if (step.isPresent()) {
                steps.put(i, step.get());
            }
        }
        return steps;
    }

    private static Optional<Dl4jStep> of(Operation operation) {
        if (operation instanceof Operation.Linear linear) {
            List<Integer> axes = linear.weight().axes();
            return Optional.of(linear(axes.get(1), axes.get(0), true));
        }
        if (operation instanceof Operation.Convolution convolution && isUsual(convolution)) {
            List<Integer> axes = convolution.weight().axes();
            return Optional.of(convolution(axes.get(1), axes.get(0), true));
        }
        if (operation instanceof Operation.Normalise normalise && normalise.norm() == Norm.BATCH) {
            return Optional.of(normalise(normalise.scale().size(), false, Optional.empty()));
        }
        if (operation instanceof Operation.Activate activate && activate.activation() == Operation.Activation.RELU) {
            return Optional.of(relu());
        }
        if (operation instanceof Operation.MaxPool pool && pool.size() == 2) {
            return Optional.of(maximum());
        }
        if (operation instanceof Operation.Flatten) {
            return Optional.empty();
        }
        throw new Dl4jException(
                "a network must be a chain of linear layers, convolutions, rectifiers, maxima and BatchNorm to become a MultiLayerNetwork of Deeplearning4j, which has nothing for %s"
                        .formatted(described(operation)));
    }

    private static boolean isUsual(Operation.Convolution convolution) {
        return convolution.kernel() == 3
                && convolution.stride() == 1
                && convolution.padding() == 1
                && convolution.bias().isPresent();
    }

    private static String described(Operation operation) {
        if (operation instanceof Operation.Normalise normalise) {
            return "a normalisation by " + normalise.norm().label();
        }
        if (operation instanceof Operation.Convolution convolution) {
            return "the convolution %s here".formatted(convolution.weight().name());
        }
        return operation instanceof Operation.Sum
                ? "the sum of a residual stream"
                : "the operation " + operation.getClass().getSimpleName();
    }

    /** Values that the archive holds of it. */
    int values() {
        return stored.stream().mapToInt(Stored::size).reduce(0, Math::addExact);
    }

    /** The tensor of an operation that a stored one is. */
    static TensorShape tensor(Operation operation, int place) {
        return operation.tensors().get(place);
    }
}
