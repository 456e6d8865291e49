package org.basinlab.api;

import com.fasterxml.jackson.databind.ObjectMapper;
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

/** Networks, one at a time. */
@Path("/api/networks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "networks")
class NetworkResource {

    private final Listings listings;
    private final ObjectMapper json;

    NetworkResource(DataSource database, ObjectMapper json) {
        this.listings = new Listings(database);
        this.json = json;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One network: its parents with shares and permutations, and its places in studies")
    public NetworkBody get(@PathParam("id") String id) {
        UUID network = Arguments.id(id);
        return NetworkBody.of(Arguments.found(listings.findNetwork(network), "network", network), json);
    }
}
