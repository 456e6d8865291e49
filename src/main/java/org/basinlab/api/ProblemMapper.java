package org.basinlab.api;

import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.basinlab.dispatch.DataUnavailableException;
import org.basinlab.dispatch.StartRefusedException;
import org.basinlab.dispatch.StoreFullException;
import org.basinlab.ledger.ControlRefusedException;
import org.basinlab.study.SpecificationException;
import org.basinlab.workflow.ClaimRefusedException;
import org.jboss.logging.Logger;

/** From whatever a request failed with to its problem. Causes that nobody foresaw are logged, and never shown. */
@Provider
class ProblemMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    private static final int UNAVAILABLE = 503;

    /** For the header Retry-After where somebody must bring data or make room. */
    static final int OPERATOR_SECONDS = 60;

    /** What places take beside reading, or instead of it; the framework does not tell. */
    private static final Map<Pattern, String> TAKEN = Map.of(
            Pattern.compile("/api/studies"), "GET, HEAD, POST",
            Pattern.compile("/api/studies/[^/]+"), "GET, HEAD, PATCH",
            Pattern.compile("/api/studies/[^/]+/(pause|resume|cancel|retry|extend)"), "POST",
            Pattern.compile("/api/tasks/[^/]+/retry"), "POST",
            Pattern.compile("/api/schedules/[^/]+"), "GET, HEAD, DELETE",
            Pattern.compile("/api/schedules/[^/]+/(enable|disable)"), "POST");

    private final UriInfo uri;

    ProblemMapper(UriInfo uri) {
        this.uri = uri;
    }

    @Override
    public Response toResponse(Throwable fault) {
        Response.ResponseBuilder response = Response.status(500);
        Problem problem = problem(fault);
        if (fault instanceof NotAllowedException) {
            response.header(HttpHeaders.ALLOW, taken(uri.getPath()));
        }
        if (problem.status() == UNAVAILABLE) {
            response.header(HttpHeaders.RETRY_AFTER, retrySeconds(fault));
        }
        return response.status(problem.status())
                .type(MediaType.valueOf(Problem.MEDIA_TYPE))
                .entity(problem.json())
                .build();
    }

    private static int retrySeconds(Throwable fault) {
        if (fault instanceof BusyException) {
            return BusyException.RETRY_SECONDS;
        }
        boolean isForAnOperator = fault instanceof StoreFullException || fault instanceof DataUnavailableException;
        return isForAnOperator ? OPERATOR_SECONDS : StoreOutage.RETRY_SECONDS;
    }

    private static String taken(String path) {
        return TAKEN.entrySet().stream()
                .filter(place -> place.getKey().matcher(path).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("GET, HEAD");
    }

    private Problem problem(Throwable fault) {
        if (fault instanceof SpecificationException refused) {
            return ofSpecification(refused);
        }
        if (fault instanceof ControlRefusedException refused) {
            return refused.why() == ControlRefusedException.Why.UNKNOWN
                    ? Problem.of(404, "Not Found", message(refused))
                    : Problem.of(409, "the study is not in such a state", message(refused));
        }
        if (fault instanceof StartRefusedException || fault instanceof ClaimRefusedException) {
            return Problem.of(422, "the study cannot be taken", message(fault));
        }
        if (fault instanceof IllegalArgumentException) {
            return Problem.of(400, "the request cannot be taken", message(fault));
        }
        if (fault instanceof WebApplicationException refused
                && refused.getResponse().getStatus() < 500) {
            return refused(refused);
        }
        return unavailable(fault).orElseGet(() -> unforeseen(fault));
    }

    private static Problem ofSpecification(SpecificationException refused) {
        return new Problem(
                "the specification cannot be taken",
                400,
                message(refused),
                refused.line(),
                refused.column(),
                refused.key(),
                null);
    }

    /** What may go another time. */
    private static Optional<Problem> unavailable(Throwable fault) {
        if (fault instanceof BusyException) {
            return Optional.of(Problem.of(UNAVAILABLE, "too many at a time", message(fault)));
        }
        if (fault instanceof DataUnavailableException) {
            return Optional.of(Problem.of(UNAVAILABLE, "the server does not have the data", message(fault)));
        }
        if (fault instanceof StoreFullException) {
            return Optional.of(Problem.of(UNAVAILABLE, "the store has no room", message(fault)));
        }
        if (StoreOutage.caused(fault)) {
            LOG.warnf("a request found no store: %s", message(fault));
            return Optional.of(Problem.of(
                    UNAVAILABLE,
                    "the store does not answer",
                    "the store cannot be reached at the moment; ask again in a while"));
        }
        return Optional.empty();
    }

    private static Problem unforeseen(Throwable fault) {
        String id = UUID.randomUUID().toString();
        LOG.errorf(fault, "a request failed (%s)", id);
        return new Problem(
                "the server failed",
                500,
                "the request could not be answered; the server's log has the cause under " + id,
                null,
                null,
                null,
                id);
    }

    private Problem refused(WebApplicationException refused) {
        int status = refused.getResponse().getStatus();
        String title = refused.getResponse().getStatusInfo().getReasonPhrase();
        // What the framework says of itself ("HTTP 404 Not Found") tells nothing: say what it is about instead.
        boolean ours = refused instanceof GoneException
                || (refused instanceof NotFoundException && !message(refused).startsWith("HTTP "));
        return Problem.of(status, title, ours ? message(refused) : general(status));
    }

    private String general(int status) {
        return switch (status) {
            case 404 -> "nothing is at %s; /q/openapi lists what there is".formatted(uri.getPath());
            case 405 -> "%s does not take this method; the header Allow lists what it takes".formatted(uri.getPath());
            case 406 -> "%s cannot be had as the media type that the header Accept asks for".formatted(uri.getPath());
            case 413 -> Guard.TOO_LARGE;
            case 415 ->
                "%s does not take this media type; a study is application/yaml, text/yaml, application/json or text/plain, any other body application/json"
                        .formatted(uri.getPath());
            default -> "the request to %s cannot be taken".formatted(uri.getPath());
        };
    }

    private static String message(Throwable fault) {
        return String.valueOf(fault.getMessage());
    }
}
