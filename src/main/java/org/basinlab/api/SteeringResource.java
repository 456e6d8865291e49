package org.basinlab.api;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.dispatch.Intake;
import org.basinlab.ledger.Controlled;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.StudyView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Studies: steered while they are in the store. */
@Path("/api/studies")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "studies")
@APIResponse(responseCode = "404", description = "There is no such study")
@APIResponse(
        responseCode = "409",
        description = "The study is not in a state from which that goes; nothing was changed")
class SteeringResource {

    static final String ACTOR = "api";

    private final StudyControl control;
    private final Intake intake;
    private final Reports reports;

    SteeringResource(StudyControl control, Intake intake, DataSource database) {
        this.control = control;
        this.intake = intake;
        this.reports = new Reports(database);
    }

    @POST
    @Path("/{id}/pause")
    @Operation(summary = "Nothing more of it starts; what runs goes on to its end")
    @APIResponse(
            responseCode = "200",
            description = "It is paused",
            content = @Content(schema = @Schema(implementation = Controlled.class)))
    public Controlled pause(@PathParam("id") String id) {
        return control.pause(Arguments.id(id), ACTOR);
    }

    @POST
    @Path("/{id}/resume")
    @Operation(summary = "What was paused goes on")
    @APIResponse(
            responseCode = "200",
            description = "It goes on",
            content = @Content(schema = @Schema(implementation = Controlled.class)))
    public Controlled resume(@PathParam("id") String id) {
        return control.resume(Arguments.id(id), ACTOR);
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(
            summary = "Takes everything of it out of the queue",
            description =
                    "Whoever runs a task of it stops at the next heartbeat, and what comes of it is refused. Again: nothing is done.")
    @APIResponse(
            responseCode = "200",
            description = "It is cancelled",
            content = @Content(schema = @Schema(implementation = Controlled.class)))
    public Controlled cancel(@PathParam("id") String id) {
        return control.cancel(Arguments.id(id), ACTOR);
    }

    @POST
    @Path("/{id}/retry")
    @Operation(summary = "Tries again what failed in it, and what could not run for that")
    @APIResponse(
            responseCode = "200",
            description = "It is in the queue again",
            content = @Content(schema = @Schema(implementation = Controlled.class)))
    public Controlled retry(@PathParam("id") String id) {
        return control.retry(Arguments.id(id), ACTOR);
    }

    @POST
    @Path("/{id}/extend")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Appends networks with further seeds, as a new version of its plan",
            description =
                    "What stands in earlier versions stays as it is. Claims are judged once more, as exploratory.")
    @APIResponse(
            responseCode = "200",
            description = "The new version is in the queue",
            content = @Content(schema = @Schema(implementation = Intake.Extended.class)))
    public Intake.Extended extend(
            @PathParam("id") String id,
            @RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = Changes.Extension.class)))
                    @Nullable
                    JsonNode body) {
        UUID study = Arguments.id(id);
        return intake.extend(study, Changes.seeds(body), ACTOR);
    }

    @PATCH
    @Path("/{id}")
    @Consumes({MediaType.APPLICATION_JSON, "application/merge-patch+json"})
    @Operation(
            summary = "Changes how it is run: its priority, how many of its tasks run at a time",
            description = "What is left out stays; maxRunning null takes the bound away.")
    @APIResponse(
            responseCode = "200",
            description = "The study as it is now",
            content = @Content(schema = @Schema(implementation = StudyView.class)))
    public StudyView change(
            @PathParam("id") String id,
            @RequestBody(required = true, content = @Content(schema = @Schema(implementation = Changes.Settings.class)))
                    @Nullable
                    JsonNode body) {
        UUID study = Arguments.id(id);
        Changes changes = Changes.of(body);
        control.change(study, changes.priority(), changes.limit(), ACTOR);
        return Arguments.found(reports.findStudy(study), "study", study);
    }
}
