package org.basinlab.dispatch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.TimeLimits;
import org.basinlab.study.RunSettings;

/** How long attempts may take: as the study says, else as this process is configured. */
@ApplicationScoped
class AttemptTimes {

    /** Studies whose limits are remembered; a study's settings do not change. */
    private static final int MOST_STUDIES = 1_000;

    private final TimeLimits limits;
    private final DispatchConfig config;
    private final Map<UUID, Map<String, RunSettings.TimeLimits>> known = new ConcurrentHashMap<>();

    AttemptTimes(TimeLimits limits, DispatchConfig config) {
        this.limits = limits;
        this.config = config;
    }

    /** @throws IllegalStateException if the store does not answer */
    AttemptTime of(Lease lease) {
        if (known.size() > MOST_STUDIES) {
            known.clear();
        }
        Optional<RunSettings.TimeLimits> said = Optional.ofNullable(known.computeIfAbsent(lease.studyId(), limits::of)
                .get(lease.spec().kind().label()));
        return new AttemptTime(
                said.flatMap(RunSettings.TimeLimits::run)
                        .map(Duration::ofSeconds)
                        .or(config.limits()::run),
                said.flatMap(RunSettings.TimeLimits::silence)
                        .map(Duration::ofSeconds)
                        .or(() -> Optional.of(config.limits().silence())));
    }
}
