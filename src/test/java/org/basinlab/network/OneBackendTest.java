package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneBackendTest {

    private static final String SERVICES = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    /** A class path with both backends. */
    private static final ClassLoader BOTH = new ClassLoader() {
        @Override
        public Enumeration<URL> getResources(String name) throws MalformedURLException {
            return Collections.enumeration(List.of(
                    new URL("file:/nd4j-cuda/lib/nd4j-cuda-11.6-1.0.0-M2.1.jar!/" + name),
                    new URL("file:/nd4j-cuda/lib/nd4j-native-1.0.0-M2.1.jar!/" + name)));
        }
    };

    @Test
    void each_device_shows_its_own_backend_only() throws IOException {
        assertThat(Collections.list(new OneBackend(BOTH, Device.CPU).getResources(SERVICES)))
                .singleElement()
                .asString()
                .contains("nd4j-native");
        assertThat(Collections.list(new OneBackend(BOTH, Device.GPU).getResources(SERVICES)))
                .singleElement()
                .asString()
                .contains("nd4j-cuda");
    }

    @Test
    void everything_else_is_shown_as_it_is() throws IOException {
        assertThat(Collections.list(new OneBackend(BOTH, Device.CPU).getResources("other")))
                .hasSize(2);
    }
}
