package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.Controlled;
import org.basinlab.ledger.Listings;
import org.basinlab.ledger.Page;
import org.basinlab.ledger.StudyControl;
import org.basinlab.ledger.TaskLog;
import org.basinlab.ledger.TaskLogLine;
import org.basinlab.ledger.TaskView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tasks, one at a time. */
@Path("/api/tasks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "tasks")
class TaskResource {

    /** More than these nobody chooses among. */
    private static final int MOST_OF_ONE_BEGINNING = 100;

    private final Listings listings;
    private final TaskLog log;
    private final StudyControl control;

    TaskResource(DataSource database, StudyControl control) {
        this.listings = new Listings(database);
        this.log = new TaskLog(database);
        this.control = control;
    }

    @GET
    @Operation(
            summary = "The tasks whose ids begin so, of all studies",
            description = "At most 100. The tasks of one study are at /api/studies/{id}/tasks.")
    public Page<TaskView> list(
            @Parameter(description = "The first hexadecimal digits of an id", required = true) @QueryParam("beginning") @Nullable
                    String beginning) {
        if (beginning == null) {
            throw new IllegalArgumentException(
                    "beginning must be given, the tasks of one study are at /api/studies/{id}/tasks");
        }
        return new Page<>(listings.tasksBeginningWith(beginning, MOST_OF_ONE_BEGINNING), Optional.empty());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One task: what it does, what it needs and how it went")
    public TaskBody get(@PathParam("id") String id) {
        UUID task = Arguments.id(id);
        return TaskBody.of(Arguments.found(listings.findTask(task), "task", task));
    }

    @GET
    @Path("/{id}/log")
    @Operation(summary = "What the attempts at a task said, the first attempt first")
    public Page<TaskLogLine> log(
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        UUID task = Arguments.id(id);
        Arguments.found(listings.findTask(task), "task", task);
        return log.page(task, Arguments.slice(limit, after));
    }

    @POST
    @Path("/{id}/retry")
    @Operation(summary = "Tries a task that failed again, and what could not run for that")
    @APIResponse(
            responseCode = "200",
            description = "It is in the queue again",
            content = @Content(schema = @Schema(implementation = Controlled.class)))
    @APIResponse(responseCode = "409", description = "The task did not fail; nothing was changed")
    public Controlled retry(@PathParam("id") String id) {
        return control.retry(Arguments.id(id), SteeringResource.ACTOR);
    }
}
