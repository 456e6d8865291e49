package org.basinlab.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * One GET, over its redirects to the end of the body. Redirects are followed to https, or to the same host and scheme: an
 * answer never leads from an encrypted place to a plain one, nor from one plain place to another.
 */
final class WebRequest implements AutoCloseable {

    private static final int MOST_REDIRECTS = 5;
    private static final Duration CONNECTING = Duration.ofSeconds(20);
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;

    private final Duration silence;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(WebRequest::daemon);
    private URI address;
    private InputStream body = InputStream.nullInputStream();

    /** @param silence how long the server may send nothing */
    WebRequest(URI address, Duration silence) {
        this.address = address;
        this.silence = silence;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "download");
        thread.setDaemon(true);
        return thread;
    }

    /** Who answers. */
    String host() {
        return address.getHost();
    }

    /**
     * Asks for the file from a byte on, and for the whole where that is zero.
     *
     * @throws DatasetException if asking again would not help
     */
    HttpResponse<InputStream> send(long from) throws InterruptedException, Download.Broken {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECTING)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<InputStream> answer = send(client, from);
            if (answer.statusCode() / 100 != 3) {
                return answer;
            }
            follow(answer);
        }
        throw new DatasetException(
                "%s must lead to the file, it redirects more than %d times".formatted(address, MOST_REDIRECTS));
    }

    private HttpResponse<InputStream> send(HttpClient client, long from) throws InterruptedException, Download.Broken {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(silence).header("User-Agent", "basinlab");
        if (from > 0) {
            request.header("Range", "bytes=%d-".formatted(from));
        }
        try {
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            body = answer.body();
            return answer;
        } catch (SSLException e) {
            throw new DatasetException(
                    ("%s must prove who it is by a certificate that this Java trusts: %s (a proxy that opens encrypted"
                                    + " connections needs its own certificate in Java's trust store; --mirror names another place)")
                            .formatted(host(), e.getMessage()),
                    e);
        } catch (HttpTimeoutException e) {
            String what = e instanceof HttpConnectTimeoutException ? "take the connection" : "answer";
            throw new Download.Broken("%s did not %s in time".formatted(host(), what), e);
        } catch (ConnectException e) {
            throw cannotReach(e);
        } catch (IOException e) {
            throw new Download.Broken("the connection to %s broke: %s".formatted(host(), Fetching.reason(e)), e);
        }
    }

    /** A name that nobody knows is as unknown a second later; a server that is not there may be starting. */
    private Download.Broken cannotReach(ConnectException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                throw new DatasetException(
                        "%s must be known to the network's name service, it is not; --mirror names another place"
                                .formatted(host()),
                        e);
            }
        }
        return new Download.Broken("%s cannot be reached (%s)".formatted(address, Fetching.reason(e)), e);
    }

    private void follow(HttpResponse<InputStream> answer) {
        String location = answer.headers()
                .firstValue("Location")
                .orElseThrow(() ->
                        new DatasetException("%s must lead to the file, it redirects to nowhere".formatted(address)));
        URI next;
        try {
            next = address.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new DatasetException(
                    "%s must lead to the file, it redirects to what is no address".formatted(address), e);
        }
        boolean encrypted = "https".equals(next.getScheme());
        boolean same = "http".equals(next.getScheme())
                && "http".equals(address.getScheme())
                && address.getHost().equalsIgnoreCase(next.getHost());
        if (next.getHost() == null || !(encrypted || same)) {
            throw new DatasetException("%s must lead to an https address or stay on its host, it redirects to %s"
                    .formatted(address, next));
        }
        closeBody();
        address = next;
    }

    /**
     * Refuses every answer but a file.
     *
     * @throws DatasetException if asking again would not help
     * @throws Download.Broken if it may
     */
    void requireSuccess(HttpResponse<InputStream> answer) throws Download.Broken {
        int status = answer.statusCode();
        if (status == TIMEOUT || status == TOO_MANY || status >= 500) {
            throw new Download.Broken("%s answers with HTTP %d".formatted(host(), status));
        }
        if (status != 200 && status != 206) {
            throw new DatasetException(
                    "%s must be there to be fetched, the server answers with HTTP %d".formatted(address, status));
        }
    }

    /** The next bytes of the body, or −1 at its end. */
    int read(byte[] into) throws InterruptedException, Download.Broken {
        try {
            return reader.submit(() -> body.read(into)).get(silence.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Download.Broken("%s sent nothing for %d s".formatted(host(), silence.toSeconds()), e);
        } catch (ExecutionException e) {
            throw new Download.Broken("the connection to %s broke".formatted(host()), e);
        }
    }

    @Override
    public void close() {
        closeBody();
        reader.shutdownNow();
    }

    private void closeBody() {
        try {
            body.close();
        } catch (IOException e) {
            body = InputStream.nullInputStream(); // it is given up anyway
        }
    }
}
