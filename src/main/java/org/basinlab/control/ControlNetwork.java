package org.basinlab.control;

import java.util.Map;
import org.basinlab.network.Weights;

/**
 * A network that a merge is set against.
 *
 * @param facts by metric name: how near it came, and where on its way it was found
 */
public record ControlNetwork(Weights weights, Map<String, Double> facts) {

    public ControlNetwork {
        facts = Map.copyOf(facts);
    }
}
