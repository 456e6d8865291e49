package org.basinlab.dispatch;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Configuration as a test wants it: quick, and no folder. */
record ConfigOfTests(
        Duration lease,
        Duration heartbeat,
        Duration skew,
        Duration sweep,
        Duration poll,
        Duration backoff,
        Duration storeOutage,
        Optional<String> buffer,
        Optional<String> storeFolder,
        MemorySize freeSpace,
        Optional<Duration> run,
        Duration silence)
        implements DispatchConfig {

    static ConfigOfTests quick() {
        return new ConfigOfTests(
                Duration.ofSeconds(30),
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofMinutes(5),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty(),
                new MemorySize(BigInteger.ONE),
                Optional.empty(),
                Duration.ofMinutes(30));
    }

    ConfigOfTests leasing(Duration time) {
        return new ConfigOfTests(
                time, heartbeat, skew, sweep, poll, backoff, storeOutage, buffer, storeFolder, freeSpace, run, silence);
    }

    ConfigOfTests buffering(Path folder) {
        return new ConfigOfTests(
                lease,
                heartbeat,
                skew,
                sweep,
                poll,
                backoff,
                storeOutage,
                Optional.of(folder.toString()),
                storeFolder,
                freeSpace,
                run,
                silence);
    }

    ConfigOfTests within(Duration mostRun, Duration outage) {
        return new ConfigOfTests(
                lease,
                heartbeat,
                skew,
                sweep,
                poll,
                backoff,
                outage,
                buffer,
                storeFolder,
                freeSpace,
                Optional.of(mostRun),
                silence);
    }

    ConfigOfTests needing(long freeBytes) {
        return new ConfigOfTests(
                lease,
                heartbeat,
                skew,
                sweep,
                poll,
                backoff,
                storeOutage,
                buffer,
                storeFolder,
                new MemorySize(BigInteger.valueOf(freeBytes)),
                run,
                silence);
    }

    @Override
    public Limits limits() {
        return new Limits() {
            @Override
            public Optional<Duration> queue() {
                return Optional.empty();
            }

            @Override
            public Optional<Duration> run() {
                return run;
            }

            @Override
            public Duration silence() {
                return silence;
            }
        };
    }
}
