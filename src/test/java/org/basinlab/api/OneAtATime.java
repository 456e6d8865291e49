package org.basinlab.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A server of its own for tests that start the slots of its process; what tasks say is heard within a second. */
public final class OneAtATime implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("basinlab.dispatch.heartbeat", "1S");
    }
}
