package org.basinlab.dispatch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What happens by the clock; all keys begin with {@code basinlab.upkeep}. Times of day are the server's. */
@ConfigMapping(prefix = "basinlab.upkeep")
public interface UpkeepConfig {

    /** How often schedules are compared with what the servers' clocks have. */
    @WithDefault("5S")
    Duration schedules();

    /** How often studies that wait gain priority. */
    @WithDefault("1M")
    Duration ageing();

    /** When what is kept long enough is deleted, a cron expression; {@code off}: never. */
    @WithDefault("0 40 3 * * ?")
    String retention();

    /** How long logs, acts, workers that stopped and bytes that nobody cites are kept. */
    @WithDefault("90D")
    Duration retain();

    /** How often it is looked whether a replay is due and this server can do it. */
    @WithDefault("1H")
    Duration replayCheck();

    /** How long after one replay the next is due. */
    @WithDefault("24H")
    Duration replay();

    /** How many finished tasks a replay runs again; 0: none. */
    @WithDefault("3")
    int replayTasks();

    /** How often the room in the store is looked at. */
    @WithDefault("1M")
    Duration room();

    /** How often each process compares its clock with the database's. */
    @WithDefault("1M")
    Duration clock();

    /** A directory on the store's disk; set by the program for a store of its own. */
    Optional<Path> storeDirectory();

    /** What the store may take up; for databases elsewhere, whose disk nobody here sees. */
    Optional<MemorySize> storeCapacity();

    /** Share of the disk or capacity above which there is an alarm. */
    @WithDefault("0.8")
    double alarm();

    /** Share above which no study is taken in. */
    @WithDefault("0.9")
    double full();
}
