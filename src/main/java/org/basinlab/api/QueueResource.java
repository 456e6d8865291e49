package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import javax.sql.DataSource;
import org.basinlab.ledger.Fleet;
import org.basinlab.ledger.Page;
import org.basinlab.ledger.QueueView;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What there is to take. */
@Path("/api/queue")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "queue")
class QueueResource {

    private final Fleet fleet;

    QueueResource(DataSource database) {
        this.fleet = new Fleet(database);
    }

    @GET
    @Operation(summary = "What each study has in the queue, in the order in which studies are served")
    public Page<QueueView> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        return Page.of(
                fleet.queue(), Arguments.slice(limit, after), study -> study.study().toString());
    }
}
