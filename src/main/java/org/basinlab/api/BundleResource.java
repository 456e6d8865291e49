package org.basinlab.api;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.basinlab.bundle.BundleException;
import org.basinlab.bundle.BundleExport;
import org.basinlab.bundle.Contents;
import org.basinlab.ledger.Reports;
import org.basinlab.ledger.StudyView;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.StudyState;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A study as one file. */
@Path("/api/studies/{id}/bundle")
@Tag(name = "studies")
class BundleResource {

    private static final String ZIP = "application/zip";

    /** Each takes a thread, memory and room on the disk for a while. */
    private static final int AT_A_TIME = 2;

    private static final String RETRY_SECONDS = "30";

    private final Reports reports;
    private final BundleExport bundles;
    private final Semaphore places = new Semaphore(AT_A_TIME);

    BundleResource(
            DataSource database,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String program) {
        this.reports = new Reports(database);
        this.bundles = new BundleExport(database, program);
    }

    @GET
    @Operation(summary = "The study as one zip file, a Workflow Run RO-Crate, without weights", description = """
                    It is put together before the first byte is sent. Weights are at /api/checkpoints/{sha256}. Two are made at a \
                    time; a third is answered with 503.""")
    @APIResponse(
            responseCode = "200",
            description = "The bundle, as basinlab export writes it",
            content = @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "409", description = "The study has not ended")
    @APIResponse(responseCode = "503", description = "Others are being made; Retry-After says when to ask again")
    public Response get(
            @PathParam("id") String id,
            @QueryParam("outcomes") @Nullable String outcomes,
            @QueryParam("csv") @Nullable String csv,
            @Context RoutingContext routing) {
        return get(id, outcomes, csv, end -> {
            routing.addEndHandler(ended -> end.run());
            if (routing.response().closed()) {
                // Whoever asked went away before anybody listened.
                end.run();
            }
        });
    }

    /** @param atEnd takes what is to be done once the response has ended, however it ends */
    Response get(String id, @Nullable String outcomes, @Nullable String csv, Consumer<Runnable> atEnd) {
        StudyView view = find(id);
        Contents.Outcomes which = Arguments.choice(
                        "outcomes", outcomes, Contents.Outcomes.values(), Contents.Outcomes::label)
                .orElse(Contents.Outcomes.ALL);
        boolean withCsv = csv == null || Arguments.flag("csv", csv);
        Optional<Response> refusal = refusal(view);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!places.tryAcquire()) {
            return problem(
                    503, "too many at a time", "%d bundles are being made; ask again in a while".formatted(AT_A_TIME));
        }
        Place place = new Place(places);
        atEnd.accept(place::ended);
        return send(view, new Contents(false, which, true, withCsv, Contents.LICENCE), place);
    }

    /** Whether there would be one. It is not put together, so that its length is not known. */
    @HEAD
    @Operation(hidden = true)
    public Response head(@PathParam("id") String id) {
        StudyView view = find(id);
        return refusal(view)
                .orElseGet(() -> named(Response.ok().type(ZIP), view).build());
    }

    private StudyView find(String id) {
        UUID study = Arguments.id(id);
        return Arguments.found(reports.findStudy(study), "study", study);
    }

    private static Optional<Response> refusal(StudyView study) {
        if (study.partial()) {
            return Optional.of(problem(
                    409,
                    "only a part of the study is here",
                    "a study must be here as a whole before it is exported, of %s only those tasks are that came with another"
                            .formatted(study.id())));
        }
        return StudyState.valueOf(study.state()).isTerminal()
                ? Optional.empty()
                : Optional.of(problem(
                        409,
                        "the study has not ended",
                        "a study must have ended before it is exported, %s is %s"
                                .formatted(study.id(), study.state())));
    }

    /** A name that came with a bundle of an earlier version may be anything. */
    private static Response.ResponseBuilder named(Response.ResponseBuilder response, StudyView study) {
        return response.header(
                HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"%s-%s.zip\""
                        .formatted(
                                study.name().replaceAll("[^A-Za-z0-9._-]", "-"),
                                study.id().toString().substring(0, 8)));
    }

    private Response send(StudyView study, Contents contents, Place place) {
        try {
            java.nio.file.Path file = place.file();
            try (OutputStream out = Files.newOutputStream(file)) {
                bundles.write(study.id(), contents, out, Progress.UNWATCHED);
            }
            StreamingOutput content = out -> Files.copy(file, out);
            return named(Response.ok(content, ZIP), study)
                    .header(HttpHeaders.CONTENT_LENGTH, Files.size(file))
                    .build();
        } catch (BundleException e) {
            find(study.id().toString());
            // It was there and had ended a moment ago.
            return problem(409, "the study cannot be exported", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("a bundle cannot be written: " + e.getMessage(), e);
        } finally {
            place.made();
        }
    }

    /** One of those that are made at a time, with its file: until it is made or was given up, and the response has ended. */
    private static final class Place {

        private final Semaphore places;
        private java.nio.file.@Nullable Path file;
        private boolean isMade;
        private boolean hasEnded;

        Place(Semaphore places) {
            this.places = places;
        }

        synchronized java.nio.file.Path file() throws IOException {
            java.nio.file.Path made = Files.createTempFile("basinlab", ".zip");
            file = made;
            return made;
        }

        synchronized void made() {
            boolean isFirst = !isMade;
            isMade = true;
            leave(isFirst && hasEnded);
        }

        synchronized void ended() {
            boolean isFirst = !hasEnded;
            hasEnded = true;
            leave(isFirst && isMade);
        }

        private void leave(boolean now) {
            if (!now) {
                return;
            }
            places.release();
            try {
                if (file != null) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new IllegalStateException("a bundle cannot be deleted: " + e.getMessage(), e);
            }
        }
    }

    private static Response problem(int status, String title, String detail) {
        Response.ResponseBuilder response = Response.status(status).type(Problem.MEDIA_TYPE);
        Optional.of(status)
                .filter(code -> code == 503)
                .ifPresent(code -> response.header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS));
        return response.entity(Problem.of(status, title, detail).json()).build();
    }
}
