package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.Listings;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tasks, one at a time. */
@Path("/api/tasks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "tasks")
class TaskResource {

    private final Listings listings;

    TaskResource(DataSource database) {
        this.listings = new Listings(database);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One task: what it does, what it needs and how it went")
    public TaskBody get(@PathParam("id") String id) {
        UUID task = Arguments.id(id);
        return TaskBody.of(Arguments.found(listings.findTask(task), "task", task));
    }
}
