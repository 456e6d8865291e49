package org.basinlab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.basinlab.network.Safetensors;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;

/** Small networks of random weights, in files. */
final class NetworkFiles {

    static final Architecture.Mlp SMALL = new Architecture.Mlp(6, List.of(8, 5), 3);

    private NetworkFiles() {}

    static Weights weights(Architecture architecture, long seed) {
        var random = Seeds.generator(seed);
        float[] values = new float[architecture.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Weights.owning(architecture, values);
    }

    static Path write(Path file, Weights weights, Map<String, String> metadata) throws IOException {
        return Files.write(file, Safetensors.write(weights, metadata));
    }

    /** A network of {@link #SMALL} without metadata. */
    static Path small(Path folder, long seed) throws IOException {
        return write(folder.resolve("n" + seed + ".safetensors"), weights(SMALL, seed), Map.of());
    }
}
