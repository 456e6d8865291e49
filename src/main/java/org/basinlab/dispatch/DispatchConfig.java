package org.basinlab.dispatch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How tasks are handed out; all keys begin with {@code basinlab.dispatch}. */
@ConfigMapping(prefix = "basinlab.dispatch")
public interface DispatchConfig {

    /** How long a task stays with a worker that is not heard of. */
    @WithDefault("30S")
    Duration lease();

    /** How often a worker puts its leases off; well below the lease. */
    @WithDefault("10S")
    Duration heartbeat();

    /**
     * How long before the end of its lease a worker that cannot reach the store stops: another may have the task after that. What
     * both measure by their own clocks differs by less.
     */
    @WithDefault("5S")
    Duration skew();

    /** How often leases that have run out are looked for; with the lease at most 35 s. */
    @WithDefault("3S")
    Duration sweep();

    /** How often an idle slot looks for work that nobody told it of; about, so that not all look at once. */
    @WithDefault("5S")
    Duration poll();

    /** The wait after a first failure; it doubles with each. */
    @WithDefault("2S")
    Duration backoff();

    /** How long a finished result waits for a store that cannot be reached. */
    @WithDefault("2M")
    Duration storeOutage();

    /**
     * Where finished results are kept while the store is away, so that they outlast this process; in memory only where absent. The
     * launch sets it to a folder of the data home.
     */
    Optional<String> buffer();

    /** Where the store lies if it is on this machine; the launch sets it. */
    Optional<String> storeFolder();

    /** What must be free where tasks write before one is taken. */
    @WithDefault("100M")
    MemorySize freeSpace();

    /** What an attempt may take where its study says nothing. */
    Limits limits();

    /** Limits of time. */
    interface Limits {

        /** From ready to taken. */
        Optional<Duration> queue();

        /** From the beginning of an attempt to its end. */
        Optional<Duration> run();

        /** Without progress. */
        @WithDefault("30M")
        Duration silence();
    }
}
