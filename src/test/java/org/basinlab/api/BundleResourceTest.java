package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && isExport()) {
                        waiting.countDown();
                        open.await();
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
        Callable<jakarta.ws.rs.core.Response> ask = () -> resource.get(study.toString(), "none", "false");
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
            assertThat(bytes(resource.get(study.toString(), "none", "false"))).isPositive();
        } finally {
            open.countDown();
            users.shutdownNow();
        }
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
