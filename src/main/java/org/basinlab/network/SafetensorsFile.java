package org.basinlab.network;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a safetensors file holds.
 *
 * @param metadata texts by name, in alphabetical order; empty for a file without metadata
 */
public record SafetensorsFile(Weights weights, Map<String, String> metadata) {

    public SafetensorsFile {
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }
}
