package org.basinlab.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A server with few connections, and nothing that waits for time, so that a test can take all of them. */
public final class FewConnections implements QuarkusTestProfile {

    static final int CONNECTIONS = 4;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.datasource.jdbc.max-size", Integer.toString(CONNECTIONS),
                "quarkus.datasource.jdbc.acquisition-timeout", "1S",
                "quarkus.scheduler.enabled", "false");
    }
}
