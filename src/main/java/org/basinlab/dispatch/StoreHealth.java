package org.basinlab.dispatch;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.basinlab.ledger.Upkeep;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Says over HTTP that the store runs out of room: a server whose disk is nearly full is alive, ready, and not well. */
@Wellness
@ApplicationScoped
class StoreHealth implements HealthCheck {

    private final StoreRoom room;

    StoreHealth(StoreRoom room) {
        this.room = room;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("room in the store").status(room.room() == Upkeep.Room.ROOM);
        room.usage()
                .ifPresent(
                        usage -> response.withData("percent", usage.percent()).withData("of", usage.of()));
        return response.build();
    }
}
