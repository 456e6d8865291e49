package org.basinlab.dispatch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How tasks are handed out; all keys begin with {@code basinlab.dispatch}. */
@ConfigMapping(prefix = "basinlab.dispatch")
public interface DispatchConfig {

    /** How long a task stays with a worker that is not heard of. */
    @WithDefault("30S")
    Duration lease();

    /** How often a worker puts its leases off; well below the lease. */
    @WithDefault("10S")
    Duration heartbeat();

    /** How often leases that have run out are looked for. */
    @WithDefault("5S")
    Duration sweep();

    /** How often an idle slot looks for work that nobody told it of. */
    @WithDefault("500MS")
    Duration poll();

    /** How often a task may fail before that is final. */
    @WithDefault("3")
    int tries();

    /** The wait after a first failure; it doubles with each. */
    @WithDefault("2S")
    Duration backoff();

    /** How long a finished result waits for a store that cannot be reached. */
    @WithDefault("2M")
    Duration storeOutage();
}
