package org.basinlab.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Optional;
import javax.sql.DataSource;
import org.basinlab.ledger.CheckpointFacts;
import org.basinlab.ledger.CheckpointStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Checkpoints: the exact bytes of safetensors files, by their SHA-256. */
@Path("/api/checkpoints/{sha256}")
@Tag(name = "checkpoints")
class CheckpointResource {

    /** A digest names the same bytes for ever. */
    private static final String FOR_EVER = "private, max-age=31536000, immutable";

    private final CheckpointStream checkpoints;

    CheckpointResource(DataSource database) {
        this.checkpoints = new CheckpointStream(database);
    }

    @GET
    @Operation(summary = "The safetensors file, or one range of its bytes", description = """
                    The whole file is read and held against its SHA-256 before the first byte is sent; a damaged one is \
                    answered with 500. Of a range the chunks of 1 MiB that it lies in are verified, each by its own \
                    digest; who puts a file together from ranges compares its SHA-256 with the name. If damage shows \
                    after the first byte, the connection ends before the promised length.""")
    @APIResponse(
            responseCode = "200",
            description = "The whole file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    @APIResponse(responseCode = "206", description = "The range that the header Range asks for")
    @APIResponse(responseCode = "304", description = "The reader has it already (If-None-Match)")
    @APIResponse(responseCode = "416", description = "None of the bytes asked for is there")
    public Response get(
            @PathParam("sha256") String sha256,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String known,
            @HeaderParam("If-Range") @Nullable String unless,
            @HeaderParam("Range") @Nullable String range) {
        CheckpointFacts facts = kept(sha256);
        if (known != null && (known.contains(etag(facts)) || known.equals("*"))) {
            return headers(Response.notModified(), facts).build();
        }
        boolean same = unless == null || unless.equals(etag(facts));
        Optional<ByteRange> part = same ? ByteRange.read(range, facts.bytes()) : Optional.empty();
        if (part.filter(ByteRange::isEmpty).isPresent()) {
            return unsatisfiable(facts, part.get());
        }
        ByteRange sent = part.orElse(new ByteRange(0, facts.bytes(), facts.bytes()));
        if (sent.isWhole()) {
            checkpoints.requireWhole(facts);
        }
        Response.ResponseBuilder response =
                part.isPresent() ? Response.status(206).header("Content-Range", sent.contentRange()) : Response.ok();
        return headers(response, facts)
                .header(HttpHeaders.CONTENT_LENGTH, sent.to() - sent.from())
                .entity(bytes(facts, sent))
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .build();
    }

    @HEAD
    @Operation(summary = "Whether there is such a checkpoint, and how long it is")
    @APIResponse(responseCode = "200", description = "It is there")
    public Response head(@PathParam("sha256") String sha256) {
        CheckpointFacts facts = kept(sha256);
        return headers(Response.ok(), facts)
                .header(HttpHeaders.CONTENT_LENGTH, facts.bytes())
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .build();
    }

    private CheckpointFacts kept(String sha256) {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "a checkpoint is named by the 64 lower-case hexadecimal digits of its SHA-256, was '%s'"
                            .formatted(sha256));
        }
        CheckpointFacts facts = checkpoints
                .find(sha256)
                .orElseThrow(() -> new NotFoundException("no checkpoint has the SHA-256 " + sha256));
        if (facts.dropped()) {
            throw new GoneException("checkpoint %s was given up when its study ended (keep: leaves)".formatted(sha256));
        }
        return facts;
    }

    private StreamingOutput bytes(CheckpointFacts facts, ByteRange range) {
        return out -> checkpoints.write(facts.sha256(), range.from(), range.to(), out);
    }

    private static Response unsatisfiable(CheckpointFacts facts, ByteRange range) {
        Problem problem = Problem.of(
                416,
                "Range Not Satisfiable",
                "the range must begin below byte %d, where checkpoint %s ends"
                        .formatted(facts.bytes(), facts.sha256()));
        return Response.status(416)
                .header("Content-Range", range.contentRange())
                .type(Problem.MEDIA_TYPE)
                .entity(problem.json())
                .build();
    }

    private static Response.ResponseBuilder headers(Response.ResponseBuilder response, CheckpointFacts facts) {
        return response.header(HttpHeaders.ETAG, etag(facts))
                .header(HttpHeaders.CACHE_CONTROL, FOR_EVER)
                .header("Accept-Ranges", "bytes");
    }

    private static String etag(CheckpointFacts facts) {
        return "\"" + facts.sha256() + "\"";
    }
}
