package org.basinlab.worker;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What a worker finds on its machine; all keys begin with {@code basinlab.worker}. */
@ConfigMapping(prefix = "basinlab.worker")
public interface WorkerConfig {

    /**
     * The folders in which data sets are looked for, in order, separated as the system separates a path. The launch sets
     * it from the options; nobody else can for {@code run} and {@code serve}.
     */
    Optional<String> dataPath();

    /** How many bytes of networks are kept in memory between tasks. */
    @WithDefault("512M")
    MemorySize networkCache();

    /** How often a training leaves a point in the store from which it can go on. */
    @WithDefault("45S")
    Duration resumeEvery();
}
