package org.basinlab.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Turns away, before anything reads them, requests that a foreign web page could have sent.
 *
 * <p>A name that is not ours in the header Host is DNS rebinding: the browser takes our address for the page's own. A
 * foreign Origin on a request that changes something is cross-site request forgery. Bodies beyond 1 MiB end here too.
 */
@ApplicationScoped
class Guard {

    static final int MOST_BYTES = 1 << 20;

    static final String TOO_LARGE = "a body must have at most %d bytes".formatted(MOST_BYTES);

    /** Before the limit of the framework itself, which is wider and says nothing. */
    private static final int FIRST = 1_000;

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<String> hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    private final boolean anyAddress;

    Guard(HttpConfig config, @ConfigProperty(name = "quarkus.http.host", defaultValue = "localhost") String listening) {
        hosts.add(listening.contains(":") ? "[" + listening + "]" : listening.toLowerCase(Locale.ROOT));
        config.hosts().orElse(List.of()).forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        anyAddress = Set.of("0.0.0.0", "::").contains(listening);
    }

    void guard(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    private void check(RoutingContext context) {
        Optional<Problem> problem = problem(context.request());
        if (problem.isEmpty()) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(problem.get().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(problem.get().json());
    }

    private Optional<Problem> problem(HttpServerRequest request) {
        // The header Host, or in HTTP/2 what stands for it; null where it is absent or malformed.
        String asked = String.valueOf(request.authority());
        if (!knows(asked)) {
            return Optional.of(Problem.of(
                    421,
                    "Misdirected Request",
                    "the header Host must name this server, was '%s' (basinlab.http.hosts allows further names)"
                            .formatted(asked)));
        }
        if (!READING.contains(request.method()) && isForeign(request, asked)) {
            return Optional.of(Problem.of(
                    403,
                    "Forbidden",
                    "a request that changes something must come from a page of %s, its header Origin was '%s'"
                            .formatted(asked, request.getHeader(HttpHeaders.ORIGIN))));
        }
        return isTooLarge(request) ? Optional.of(Problem.of(413, "Content Too Large", TOO_LARGE)) : Optional.empty();
    }

    private boolean knows(String asked) {
        String host = asked.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
        // A rebound name is a name: where we listen at every address, a bare address cannot be one.
        boolean address = host.matches("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
        return hosts.contains("*") || hosts.contains(host) || (anyAddress && address);
    }

    private static boolean isForeign(HttpServerRequest request, String asked) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
        }
        return !origin.equalsIgnoreCase("http://" + asked) && !origin.equalsIgnoreCase("https://" + asked);
    }

    private static boolean isTooLarge(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length != null && Long.parseLong(length) > MOST_BYTES;
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
