package org.basinlab.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.Digests;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on this machine that does what servers do. */
class FetchingTest {

    private static final Patience SHORT = new Patience(3, Duration.ofMillis(1), Duration.ofSeconds(5));
    private static final String NAME = "train-images-idx3-ubyte.gz";

    private final byte[] content = new byte[200_000];
    private final List<String> asked = new ArrayList<>();

    @TempDir
    Path place;

    private HttpServer server;
    private PublishedFile file;

    /** What the server does with a request; the number says which one it is, from 1. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange, int request) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        Seeds.generator(5).nextBytes(content);
        file = new PublishedFile(NAME, content.length, Digests.of(content));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(Answer answer) {
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath() + " "
                    + Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                            .orElse("whole"));
            try (exchange) {
                answer.to(exchange, asked.size());
            }
        });
    }

    private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Answers a range where one is asked for. */
    private void sendRest(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, content);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders()
                .add("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }

    /** Promises the whole, sends a part and closes. */
    private void breakOff(HttpExchange exchange, int after) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        OutputStream out = exchange.getResponseBody();
        out.write(content, 0, after);
        out.flush();
    }

    private Publication publication() {
        return new Publication(
                KnownDataset.MNIST,
                URI.create("http://127.0.0.1:%d/data/"
                        .formatted(server.getAddress().getPort())),
                "mnist",
                List.of(file),
                "none");
    }

    private List<Fetching.Fetched> fetch() {
        return new Fetching(Optional.empty(), SHORT).fetch(publication(), place, Progress.UNWATCHED);
    }

    private Path target() {
        return place.resolve("mnist").resolve(NAME);
    }

    private Path part() {
        return place.resolve("mnist").resolve("." + NAME + ".part");
    }

    private void begun(byte[] bytes) throws IOException {
        Files.createDirectories(part().getParent());
        Files.write(part(), bytes);
    }

    @Test
    void a_file_is_there_when_it_is_whole_and_nothing_else_is_left() {
        answer((exchange, request) -> send(exchange, 200, content));

        List<Fetching.Fetched> fetched = fetch();

        assertThat(target()).hasBinaryContent(content);
        assertThat(part()).doesNotExist();
        assertThat(fetched).containsExactly(new Fetching.Fetched(target(), file, false));
        assertThat(asked).containsExactly("/data/" + NAME + " whole");
    }

    @Test
    void what_is_there_and_right_is_not_asked_for() throws IOException {
        answer((exchange, request) -> send(exchange, 500, content));
        Files.createDirectories(target().getParent());
        Files.write(target(), content);

        assertThat(fetch().get(0).wasThere()).isTrue();
        assertThat(asked).isEmpty();
    }

    @Test
    void what_is_there_and_wrong_is_kept_and_told_of() throws IOException {
        Files.createDirectories(target().getParent());
        Files.writeString(target(), "mine");

        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith(target() + " must be the published file with SHA-256 " + file.sha256())
                .hasMessageEndingWith("move it away to fetch it");
        assertThat(target()).hasContent("mine");
    }

    @Test
    void a_connection_that_breaks_is_taken_up_where_it_broke() {
        answer((exchange, request) -> {
            if (request == 1) {
                breakOff(exchange, 70_000);
            } else {
                sendRest(exchange);
            }
        });

        fetch();

        assertThat(target()).hasBinaryContent(content);
        assertThat(asked).hasSize(2);
        assertThat(asked.get(1)).matches(".* bytes=[1-9]\\d*-");
    }

    @Test
    void a_download_that_another_program_began_goes_on() throws IOException {
        answer((exchange, request) -> sendRest(exchange));
        begun(Arrays.copyOf(content, 123_456));

        fetch();

        assertThat(target()).hasBinaryContent(content);
        assertThat(asked).containsExactly("/data/" + NAME + " bytes=123456-");
    }

    @Test
    void a_server_without_ranges_starts_anew() throws IOException {
        answer((exchange, request) -> send(exchange, 200, content));
        begun(new byte[1_000]);

        fetch();

        assertThat(target()).hasBinaryContent(content);
    }

    @Test
    void a_begun_file_that_was_another_one_is_fetched_anew() throws IOException {
        answer((exchange, request) -> sendRest(exchange));
        begun(new byte[1_000]);

        fetch();

        assertThat(target()).hasBinaryContent(content);
        assertThat(asked).containsExactly("/data/" + NAME + " bytes=1000-", "/data/" + NAME + " whole");
    }

    @Test
    void a_file_with_another_digest_never_gets_the_name() {
        byte[] other = content.clone();
        other[17] ^= 1;
        answer((exchange, request) -> send(exchange, 200, other));

        assertThatThrownBy(this::fetch)
                .isInstanceOf(DatasetException.class)
                .hasMessage("%s must have the SHA-256 %s, what 127.0.0.1 sent has %s"
                        .formatted(NAME, file.sha256(), Digests.of(other)));
        assertThat(target()).doesNotExist();
        assertThat(part()).doesNotExist();
    }

    @Test
    void a_file_that_does_not_end_is_not_taken_to_its_end() {
        answer((exchange, request) -> send(exchange, 200, new byte[content.length + 70_000]));

        assertThatThrownBy(this::fetch).hasMessage(NAME + " must have 200,000 bytes, 127.0.0.1 sends more");
        assertThat(target()).doesNotExist();
    }

    @Test
    void a_file_that_is_not_there_is_asked_for_once() {
        answer((exchange, request) -> send(exchange, 404, new byte[0]));

        assertThatThrownBy(this::fetch)
                .hasMessageEndingWith(
                        "/data/" + NAME + " must be there to be fetched, the server answers with HTTP 404");
        assertThat(asked).hasSize(1);
    }

    @Test
    void a_busy_server_is_asked_again_and_given_up_in_the_end() {
        answer((exchange, request) -> send(exchange, 503, new byte[0]));

        assertThatThrownBy(this::fetch)
                .hasMessage(NAME + " must be fetched: 127.0.0.1 answers with HTTP 503, after 3 tries;"
                        + " the same command goes on after 0 of 200,000 bytes");
        assertThat(asked).hasSize(3);
    }

    @Test
    void a_server_that_is_gone_is_named() {
        server.stop(0);

        assertThatThrownBy(this::fetch).hasMessageContaining("127.0.0.1").hasMessageContaining("cannot be reached");
    }

    @Test
    void a_server_that_nobody_knows_is_asked_for_once() {
        Patience hours = new Patience(3, Duration.ofHours(1), Duration.ofSeconds(5));

        assertThatThrownBy(() -> new Fetching(Optional.of("http://no-such-host.invalid/"), hours)
                        .fetch(publication(), place, Progress.UNWATCHED))
                .hasMessage("no-such-host.invalid must be known to the network's name service, it is not;"
                        + " --mirror names another place");
    }

    @Test
    void a_server_that_falls_silent_is_not_waited_for_for_ever() throws Exception {
        java.util.concurrent.CountDownLatch done = new java.util.concurrent.CountDownLatch(1);
        answer((exchange, request) -> {
            breakOff(exchange, 10);
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Patience little = new Patience(1, Duration.ofMillis(1), Duration.ofMillis(200));

        assertThatThrownBy(() -> new Fetching(Optional.empty(), little).fetch(publication(), place, Progress.UNWATCHED))
                .hasMessageContaining("127.0.0.1 sent nothing for 0 s");
        done.countDown();
    }

    @Test
    void redirects_stay_on_their_host_or_go_to_https() {
        answer((exchange, request) -> {
            if (exchange.getRequestURI().getPath().startsWith("/data/")) {
                exchange.getResponseHeaders().add("Location", "/moved/" + NAME);
                send(exchange, 302, new byte[0]);
            } else {
                send(exchange, 200, content);
            }
        });

        fetch();

        assertThat(target()).hasBinaryContent(content);
    }

    @Test
    void redirects_to_another_plain_host_or_to_files_are_refused() {
        List<String> places = List.of("http://localhost:1/x", "file:///etc/passwd", "ftp://127.0.0.1/x");
        answer((exchange, request) -> {
            exchange.getResponseHeaders().add("Location", places.get(request - 1));
            send(exchange, 301, new byte[0]);
        });

        for (String other : places) {
            assertThatThrownBy(this::fetch)
                    .hasMessageEndingWith(
                            "must lead to an https address or stay on its host, it redirects to " + other);
        }
    }

    @Test
    void redirects_in_a_circle_come_to_an_end() {
        answer((exchange, request) -> {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().toString());
            send(exchange, 302, new byte[0]);
        });

        assertThatThrownBy(this::fetch).hasMessageEndingWith("it redirects more than 5 times");
    }

    @Test
    void a_mirror_holds_the_files_themselves_or_in_a_folder_of_the_data_set() {
        answer((exchange, request) -> {
            boolean there = exchange.getRequestURI().getPath().equals("/m/mnist/" + NAME);
            send(exchange, there ? 200 : 404, there ? content : new byte[0]);
        });
        String mirror = "http://127.0.0.1:%d/m".formatted(server.getAddress().getPort());

        new Fetching(Optional.of(mirror), SHORT).fetch(publication(), place, Progress.UNWATCHED);

        assertThat(target()).hasBinaryContent(content);
        assertThat(asked).containsExactly("/m/" + NAME + " whole", "/m/mnist/" + NAME + " whole");
    }

    @Test
    void a_mirror_is_a_plain_web_address() {
        for (String wrong : List.of("/home/me", "ftp://a/", "https:///x", "no address", "http://a/?b=c")) {
            assertThatThrownBy(() -> new Fetching(Optional.of(wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a mirror must be a");
        }
        assertThatThrownBy(() -> new Fetching(Optional.of("https://me:secret@a/")))
                .hasMessageNotContaining("secret");
    }

    @Test
    void every_data_set_but_the_built_in_one_can_be_fetched_and_has_a_licence() {
        for (KnownDataset name : KnownDataset.values()) {
            assertThat(Publication.find(name).isPresent()).isEqualTo(name != KnownDataset.SYNTHETIC_SHAPES);
            assertThat(Publication.licence(name)).isNotBlank();
        }
    }
}
