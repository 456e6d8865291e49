package org.basinlab.matching;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.basinlab.network.PermutationSpec;
import org.basinlab.network.PermutationSpec.Axis;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;

/** Where in a graph the units of each permutation are seen at work; {@link ActivationMatching} says which places. */
final class ObservedNodes {

    private static final List<Predicate<Operation>> KINDS = List.of(
            Operation.Activate.class::isInstance,
            Operation.Normalise.class::isInstance,
            Operation.Attention.class::isInstance,
            operation -> true);

    private ObservedNodes() {}

    /**
     * A place where units of a permutation are seen.
     *
     * @param node index in the graph
     * @param axis how its channels are units
     */
    record Observed(int node, Axis axis) {}

    /** By permutation, in the order of the specification; none is empty. */
    static Map<String, List<Observed>> of(Graph graph) {
        List<Optional<Axis>> channels = PermutationSpec.channels(graph);
        Map<String, List<Observed>> byName = new LinkedHashMap<>();
        for (String name : PermutationSpec.of(graph).sizes().keySet()) {
            byName.put(
                    name,
                    KINDS.stream()
                            .map(kind -> observed(graph, channels, name, kind))
                            .filter(found -> !found.isEmpty())
                            .findFirst()
                            .orElseThrow());
        }
        return byName;
    }

    private static List<Observed> observed(
            Graph graph, List<Optional<Axis>> channels, String name, Predicate<Operation> kind) {
        List<Observed> found = new ArrayList<>();
        for (int node = 0; node < graph.size(); node++) {
            int index = node;
            Stream.of(channels.get(node))
                    .flatMap(Optional::stream)
                    .filter(axis -> axis.permutation().equals(name))
                    .filter(axis -> kind.test(graph.node(index).operation()))
                    .forEach(axis -> found.add(new Observed(index, axis)));
        }
        return found;
    }
}
