package org.basinlab.api;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.basinlab.dispatch.Schedules;
import org.basinlab.ledger.Page;
import org.basinlab.ledger.ScheduleView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Studies that a clock starts. A study with a schedule that is submitted becomes one. */
@Path("/api/schedules")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "schedules")
class ScheduleResource {

    private final Schedules schedules;

    ScheduleResource(Schedules schedules) {
        this.schedules = schedules;
    }

    @GET
    @Operation(summary = "Studies that a clock starts, by name: when they ran and run next, and what came of it")
    public Page<ScheduleView> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        return Page.of(
                schedules.list(),
                Arguments.slice(limit, after),
                schedule -> schedule.id().toString());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One schedule")
    public ScheduleView get(@PathParam("id") String id) {
        UUID schedule = Arguments.id(id);
        return Arguments.found(schedules.find(schedule), "schedule", schedule);
    }

    @POST
    @Path("/{id}/enable")
    @Operation(summary = "Lets it fire again, from now on")
    @APIResponse(
            responseCode = "200",
            description = "It fires",
            content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public ScheduleView enable(@PathParam("id") String id) {
        return schedules.enable(Arguments.id(id), SteeringResource.ACTOR);
    }

    @POST
    @Path("/{id}/disable")
    @Operation(summary = "Lets it fire no more until it is enabled")
    @APIResponse(
            responseCode = "200",
            description = "It does not fire",
            content = @Content(schema = @Schema(implementation = ScheduleView.class)))
    public ScheduleView disable(@PathParam("id") String id) {
        return schedules.disable(Arguments.id(id), SteeringResource.ACTOR);
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Takes it out; studies that it started stay")
    @APIResponse(responseCode = "204", description = "It is gone")
    public Response remove(@PathParam("id") String id) {
        schedules.remove(Arguments.id(id), SteeringResource.ACTOR);
        return Response.noContent().build();
    }
}
