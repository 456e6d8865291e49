package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.ledger.Listings;
import org.basinlab.ledger.StudyWatch;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens to a study, while it happens. */
@Path("/api/studies")
@Tag(name = "studies")
class EventsResource {

    private final DataSource database;
    private final Listings listings;
    private final StudyFeeds feeds;

    EventsResource(DataSource database, StudyFeeds feeds) {
        this.database = database;
        this.listings = new Listings(database);
        this.feeds = feeds;
    }

    @GET
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "What happens to a study, as server-sent events", description = """
                    Events are study (as GET /api/studies/{id}), task (as in GET /api/studies/{id}/tasks: it became ready, began, or \
                    ended an attempt), progress (task, attempt, progress) and log (task, attempt, line, at, level, message). The first is \
                    the study as it is. With the header Last-Event-ID it goes on there; events of the seconds before may come again. \
                    A comment is sent when nothing else was for 15 seconds. It does not end with the study, which may be tried again.""")
    @APIResponse(
            responseCode = "200",
            description = "The stream",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(type = SchemaType.STRING, description = "Lines of id, event and data")))
    @APIResponse(responseCode = "503", description = "Too many listen; Retry-After says when to ask again")
    public void events(
            @PathParam("id") String id,
            @Parameter(description = "The id of the last event that was received") @HeaderParam("Last-Event-ID") @Nullable
                    String last,
            @Context SseEventSink sink,
            @Context Sse sse) {
        UUID study = Arguments.id(id);
        Arguments.found(Optional.of(study).filter(listings::hasStudy), "study", study);
        StudyWatch watch =
                new StudyWatch(database, study, Optional.ofNullable(last).map(Arguments::eventId));
        if (!feeds.add(new StudyListener(study, watch, sink, sse))) {
            throw new BusyException(
                    "%d listen to studies already; ask again in a while".formatted(StudyFeeds.MOST_LISTENERS));
        }
    }
}
