package org.basinlab.network;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a Deeplearning4j archive holds.
 *
 * @param metadata texts by name, as a safetensors file of ours has them; empty for an archive of another program
 */
public record Dl4jFile(Weights weights, Map<String, String> metadata) {

    public Dl4jFile {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
}
