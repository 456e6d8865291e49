package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import javax.sql.DataSource;
import org.basinlab.dispatch.DispatchConfig;
import org.basinlab.ledger.Fleet;
import org.basinlab.ledger.Page;
import org.basinlab.ledger.WorkerView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The processes that take tasks. */
@Path("/api/workers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "queue")
class WorkerResource {

    private final Fleet fleet;
    private final DispatchConfig config;

    WorkerResource(DataSource database, DispatchConfig config) {
        this.fleet = new Fleet(database);
        this.config = config;
    }

    @GET
    @Operation(summary = "The processes that take tasks: where, with what, and how many they have")
    public Page<WorkerView> list(
            @Parameter(
                            description = "true: with those that have ended",
                            schema = @Schema(type = SchemaType.BOOLEAN))
                    @QueryParam("stopped")
                    @Nullable
                    String stopped,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        return Page.of(
                fleet.workers(config.lease(), Arguments.flag("stopped", stopped)),
                Arguments.slice(limit, after),
                worker -> worker.id().toString());
    }
}
