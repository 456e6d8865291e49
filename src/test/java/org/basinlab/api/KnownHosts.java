package org.basinlab.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A server that is known under one more name; a process of its own for slots and store. */
public final class KnownHosts implements QuarkusTestProfile {

    static final String NAME = "lab.example";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("basinlab.http.hosts", NAME);
    }
}
