package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.Page;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Verdicts;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Claims of papers, and how they stand. */
@Path("/api/claims")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "claims")
class ClaimResource {

    private final Verdicts verdicts;

    ClaimResource(DataSource database, ClaimRegister register) {
        this.verdicts = new Verdicts(register, Optional.of(database));
    }

    @GET
    @Operation(
            summary =
                    "Every claim that is known, each by its newest verdict that is not exploratory, else by its newest study")
    public Page<ClaimLine> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        return Page.of(verdicts.lines(), Arguments.slice(limit, after), ClaimLine::id);
    }

    @GET
    @Path("/{id}")
    @Operation(
            summary =
                    "One claim in full: wording, rule, verdict, specification curve, SQL; the SQL of the verdict is run again, and errors says where it gives something else")
    public ClaimCard get(
            @PathParam("id") String id,
            @Parameter(description = "Id of a study: how the claim stands by this one") @QueryParam("study") @Nullable
                    String study) {
        String claim = Arguments.claim(id);
        Optional<UUID> only = Optional.ofNullable(study).map(Arguments::id);
        if (only.isPresent() && verdicts.ids().contains(claim)) {
            return verdicts.card(claim, only)
                    .orElseThrow(() ->
                            new NotFoundException("study %s does not list claim %s".formatted(only.get(), claim)));
        }
        return Arguments.found(verdicts.card(claim, only), "claim", claim);
    }
}
