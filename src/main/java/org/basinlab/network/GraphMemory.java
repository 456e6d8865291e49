package org.basinlab.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;

/**
 * Memory for what flows through a network at up to so many images: the output of every node and, where gradients are wanted,
 * the gradient by it, each {@code [images][positions][channels]}. What is not needed at the same time shares memory.
 */
final class GraphMemory implements AutoCloseable {

    private final Graph graph;
    private final Purpose purpose;
    private final int mostImages;
    private final List<List<Integer>> takers;
    private final Natives natives = new Natives();
    /** Of each node, the node whose output it writes over; itself where it writes over none. */
    private final int[] outputOwner;
    /** Of each node, the node whose gradient is also its own. */
    private final int[] gradientOwner;

    private final List<Floats> outputs;
    private final List<Floats> gradients;
    private final Slots outputSlots;
    private final Slots gradientSlots;

    /**
     * Takes the memory.
     *
     * @param kept nodes whose outputs must be there after a pass; the logits always are
     * @throws IllegalArgumentException if the values of one node need more than 2 GiB
     */
    GraphMemory(Graph graph, Purpose purpose, Set<Integer> kept, int mostImages) {
        this.graph = graph;
        this.purpose = purpose;
        this.mostImages = mostImages;
        takers = new ArrayList<>();
        for (int node = 0; node < graph.size(); node++) {
            takers.add(graph.takers(node));
        }
        outputOwner = new int[graph.size()];
        gradientOwner = new int[graph.size()];
        findOwners(kept);
        outputSlots = outputSlots(kept);
        gradientSlots = gradientSlots();
        try {
            outputs = take(outputSlots);
            gradients = take(gradientSlots);
        } catch (RuntimeException | Error e) {
            natives.close(); // nobody else can: this was never made
            throw e;
        }
    }

    private void findOwners(Set<Integer> kept) {
        Arrays.setAll(outputOwner, node -> node);
        Arrays.setAll(gradientOwner, node -> node);
        for (int node = 1; node < graph.size(); node++) {
            int input = graph.node(node).input();
            if (isRelu(node) && input > 0 && hasOneTaker(input) && !kept.contains(input)) {
                outputOwner[node] = outputOwner[input];
            }
        }
        for (int node = graph.size() - 1; node > 0; node--) {
            for (int input : graph.node(node).inputs()) {
                boolean same = graph.node(node).operation() instanceof Operation.Sum
                        ? !isRelu(input) && hasOneTaker(input)
                        : writesOver(node);
                if (same) {
                    gradientOwner[input] = gradientOwner[node];
                }
            }
        }
    }

    private boolean isRelu(int node) {
        return graph.node(node).operation() instanceof Operation.Activate activate
                && activate.activation() == Operation.Activation.RELU;
    }

    private boolean hasOneTaker(int node) {
        return takers.get(node).size() == 1;
    }

    private int lastTaker(int node) {
        List<Integer> all = takers.get(node);
        return all.get(all.size() - 1);
    }

    private Slots outputSlots(Set<Integer> kept) {
        int nodes = graph.size();
        long[] sizes = new long[nodes];
        int[] births = new int[nodes];
        int[] deaths = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            int owner = outputOwner[node];
            boolean stays = purpose.goesBack()
                    || kept.contains(node)
                    || takers.get(node).isEmpty();
            sizes[owner] = graph.node(node).output().size();
            births[node] = node;
            deaths[owner] = Math.max(deaths[owner], stays ? nodes : lastTaker(node));
        }
        return new Slots(sizes, births, deaths);
    }

    private Slots gradientSlots() {
        int nodes = graph.size();
        long[] sizes = new long[nodes + 1];
        int[] births = new int[nodes + 1];
        int[] deaths = new int[nodes + 1];
        for (int node = nodes - 1; node >= 0 && purpose.goesBack(); node--) {
            int owner = gradientOwner[node];
            births[node] = takers.get(node).isEmpty() ? 0 : nodes - lastTaker(node);
            deaths[owner] = Math.max(deaths[owner], nodes - node);
            if (owner == node && (node > 0 || purpose == Purpose.INPUT_GRADIENTS)) {
                sizes[node] = graph.node(node).output().size();
            }
            if (!hasOneTaker(node)) {
                sizes[nodes] = Math.max(sizes[nodes], graph.node(node).output().size());
            }
        }
        deaths[nodes] = nodes + 1; // what is to be added lives throughout
        return new Slots(sizes, births, deaths);
    }

    private List<Floats> take(Slots slots) {
        return slots.sizes().stream()
                .map(size -> natives.floats(size * mostImages))
                .toList();
    }

    Graph graph() {
        return graph;
    }

    Purpose purpose() {
        return purpose;
    }

    /** Whether a node writes its output over its input. */
    boolean writesOver(int node) {
        return outputOwner[node] != node;
    }

    /** Whether the gradient by an input of a node is the gradient by the node, in the same place. */
    boolean passesGradientOn(int node, int input) {
        return gradientOwner[input] == gradientOwner[node];
    }

    /** Whether there is a gradient by the output of a node. */
    boolean hasGradient(int node) {
        return gradientSlots.slotOf(gradientOwner[node]) >= 0;
    }

    /** Whether a node is the first to write the gradient by its input, when nodes go back from the last to the first. */
    boolean writesGradientFirst(int node, int input) {
        return lastTaker(input) == node;
    }

    Floats output(int node) {
        return outputs.get(outputSlots.slotOf(outputOwner[node]));
    }

    Floats gradient(int node) {
        return gradients.get(gradientSlots.slotOf(gradientOwner[node]));
    }

    /** Where a gradient is written that is then added to another. */
    Floats addend() {
        return gradients.get(gradientSlots.slotOf(graph.size()));
    }

    @Override
    public void close() {
        natives.close();
    }
}
