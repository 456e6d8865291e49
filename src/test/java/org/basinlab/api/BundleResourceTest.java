package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.basinlab.bundle.BundleExport;
import org.basinlab.ledger.LedgerFixture;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class BundleResourceTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    DataSource database;

    /** The store, but that who exports from it waits. */
    private DataSource slow(CountDownLatch waiting, CountDownLatch open) {
        return beforeExport(() -> {
            waiting.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private DataSource beforeExport(Runnable what) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && isExport()) {
                        what.run();
                    }
                    try {
                        return method.invoke(database, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean isExport() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(BundleExport.class.getName())));
    }

    @Test
    void a_study_that_has_not_ended_is_a_conflict() {
        UUID study = ledger.submit(LedgerFixture.pair(3101));

        Response response = given().get("/api/studies/%s/bundle".formatted(study));

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.jsonPath().getString("detail"))
                .startsWith("a study must have ended before it is exported, %s is ".formatted(study));
    }

    @Test
    void a_question_for_the_head_puts_no_bundle_together() {
        UUID study = ledger.submit(LedgerFixture.pair(3103));
        Response before = given().head("/api/studies/%s/bundle".formatted(study));
        ledger.runAll(study);
        Response after = given().head("/api/studies/%s/bundle".formatted(study));
        Response absent = given().head("/api/studies/%s/bundle".formatted(new UUID(0, 0)));

        assertThat(before.statusCode()).isEqualTo(409);
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.contentType()).isEqualTo("application/zip");
        assertThat(after.header("Content-Disposition"))
                .contains(study.toString().substring(0, 8));
        assertThat(after.header("Content-Length")).isIn(null, "0");
        assertThat(absent.statusCode()).isEqualTo(404);
    }

    @Test
    void a_third_bundle_at_a_time_is_put_off_until_a_place_is_free() throws Exception {
        UUID study = ledger.submit(LedgerFixture.pair(3102));
        ledger.runAll(study);
        CountDownLatch waiting = new CountDownLatch(2);
        CountDownLatch open = new CountDownLatch(1);
        BundleResource resource = new BundleResource(slow(waiting, open), "test");
        List<Runnable> ends = new CopyOnWriteArrayList<>();
        Callable<jakarta.ws.rs.core.Response> ask = () -> resource.get(study.toString(), "none", "false", ends::add);
        ExecutorService users = Executors.newFixedThreadPool(3);
        try {
            List<Future<jakarta.ws.rs.core.Response>> first = List.of(users.submit(ask), users.submit(ask));
            assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();

            try (jakarta.ws.rs.core.Response third = users.submit(ask).get(30, TimeUnit.SECONDS)) {
                assertThat(third.getStatus()).isEqualTo(503);
                assertThat(third.getHeaderString("Retry-After")).isEqualTo("30");
                assertThat(third.getMediaType()).hasToString(Problem.MEDIA_TYPE);
            }

            open.countDown();
            for (Future<jakarta.ws.rs.core.Response> one : first) {
                assertThat(bytes(one.get(60, TimeUnit.SECONDS))).isPositive();
            }
            // Made, and not yet sent to its end.
            assertThat(ask.call().getStatus()).isEqualTo(503);
            ends.get(0).run();
            ends.get(0).run();
            assertThat(bytes(ask.call())).isPositive();
            assertThat(ask.call().getStatus()).isEqualTo(503);
        } finally {
            open.countDown();
            users.shutdownNow();
        }
    }

    @Test
    void a_file_whose_response_ended_before_it_was_sent_is_gone() throws IOException {
        UUID study = ledger.submit(LedgerFixture.pair(3104));
        ledger.runAll(study);
        BundleResource resource = new BundleResource(database, "test");
        List<Runnable> ends = new ArrayList<>();
        jakarta.ws.rs.core.Response response = resource.get(study.toString(), "none", "false", ends::add);
        StreamingOutput content = (StreamingOutput) response.getEntity();

        ends.forEach(Runnable::run);

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> content.write(new ByteArrayOutputStream()));
    }

    @Test
    void places_are_free_again_after_each_response() {
        UUID study = ledger.submit(LedgerFixture.pair(3105));
        ledger.runAll(study);

        List<Integer> statuses = Stream.generate(
                        () -> given().get("/api/studies/%s/bundle?outcomes=none&csv=false".formatted(study)))
                .limit(5)
                .map(Response::statusCode)
                .toList();

        assertThat(statuses).containsOnly(200);
    }

    @Test
    void a_study_that_goes_on_in_the_meantime_and_a_part_of_one_are_conflicts() {
        UUID study = ledger.submit(LedgerFixture.pair(3106));
        ledger.runAll(study);
        DataSource late =
                beforeExport(() -> ledger.change("UPDATE ledger.study SET state = 'RUNNING' WHERE id = ?1", study));

        try (jakarta.ws.rs.core.Response response =
                new BundleResource(late, "test").get(study.toString(), "none", "false", end -> {})) {
            assertThat(response.getStatus()).isEqualTo(409);
            assertThat(String.valueOf(response.getEntity()))
                    .contains("a study must have ended before it is exported, %s has not".formatted(study));
        }
        ledger.change("UPDATE ledger.study SET state = 'SUCCEEDED', partial = true WHERE id = ?1", study);
        int status = given().get("/api/studies/%s/bundle".formatted(study)).statusCode();
        ledger.change("UPDATE ledger.study SET partial = false WHERE id = ?1", study);

        assertThat(status).isEqualTo(409);
    }

    @Test
    void a_name_of_an_earlier_import_cannot_write_headers() {
        UUID study = ledger.submit(LedgerFixture.pair(3107));
        ledger.runAll(study);
        ledger.change("UPDATE ledger.study SET name = E'a\\r\\nX-A: \"b\"' WHERE id = ?1", study);

        Response response = given().head("/api/studies/%s/bundle".formatted(study));
        ledger.change("UPDATE ledger.study SET name = 'a' WHERE id = ?1", study);

        assertThat(response.header("Content-Disposition"))
                .contains("filename=\"a--X-A---b--")
                .doesNotContain("\n");
        assertThat(response.header("X-A")).isNull();
    }

    private static int bytes(jakarta.ws.rs.core.Response response) throws IOException {
        try (response) {
            assertThat(response.getStatus()).isEqualTo(200);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ((StreamingOutput) response.getEntity()).write(out);
            return out.size();
        }
    }
}
