package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies that a clock starts, entered and switched over HTTP. */
@QuarkusTest
@TestProfile(OneAtATime.class)
@QuarkusTestResource(StoreForTests.class)
class SchedulesOverHttpTest {

    private static final String SCHEDULED = """
            study: %s
            probe: { shape: wide, tasks: 2 }
            schedule: %s
            """;

    private static final String FAR = "{ cron: '0 30 1 1 1 ? 2099', timeZone: '+02:00', misfire: skip }";

    private static final String NOWHERE = "/api/schedules/00000000-0000-0000-0000-000000000001";

    @Test
    void a_study_with_a_schedule_is_entered_found_switched_and_taken_out() {
        Response entered = submit("by-the-clock", FAR);
        String place = "/api/schedules/" + entered.jsonPath().getString("id");
        Response again = submit("by-the-clock", FAR);
        List<String> listed = given().get("/api/schedules").jsonPath().getList("items.id");
        Response found = given().get(place);
        Response off = given().post(place + "/disable");
        Response on = given().post(place + "/enable");
        Response other = submit("by-the-clock", FAR.replace("skip", "fire-once"));
        Response removed = given().delete(place);

        assertThat(entered.statusCode()).as(entered.asString()).isEqualTo(201);
        assertThat(entered.header("Location")).endsWith(place);
        assertThat(entered.jsonPath().getString("next")).isEqualTo("2098-12-31T23:30:00Z");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.asString()).isEqualTo(entered.asString()).isEqualTo(found.asString());
        assertThat(listed).contains(entered.jsonPath().getString("id"));
        assertThat(off.jsonPath().getBoolean("enabled")).isFalse();
        assertThat(off.jsonPath().getString("next")).isNull();
        assertThat(on.asString()).isEqualTo(entered.asString());
        assertThat(problem(other, 409).getString("detail")).contains("by-the-clock is already");
        assertThat(removed.statusCode()).isEqualTo(204);
        problem(given().get(place), 404);
        problem(given().delete(place), 404);
        assertThat(given().get("/api/studies?match=by-the-clock").jsonPath().getList("items"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ cron: '0 0 25 * * ?' } | 3 | schedule.cron must have hours in 0-23, had '25'",
                "{ cron: '0 2 * * ?' } | 3 | schedule.cron must have 6 or 7 fields",
                "{ cron: '0 0 2 * * ?', timeZone: Mars } | 3 | schedule.timeZone must be a time zone",
                "{ cron: '0 0 2 * * ?', misfire: thrice } | 3 | schedule.misfire"
            })
    void a_schedule_that_cannot_be_is_refused_where_it_stands(String schedule, int line, String said) {
        Response refused = submit("no-schedule", schedule);
        Response dry = Asking.with(SCHEDULED.formatted("no-schedule", schedule)).post("/api/studies?dryRun=true");

        for (Response one : List.of(refused, dry)) {
            assertThat(problem(one, 400).getString("detail")).contains(said);
            assertThat(one.jsonPath().getInt("line")).isEqualTo(line);
        }
        assertThat(given().get("/api/schedules").jsonPath().getList("items.name"))
                .doesNotContain("no-schedule");
    }

    @Test
    void a_schedule_without_a_time_to_come_is_refused() {
        JsonPath refused = problem(submit("over", "{ cron: '0 0 0 1 1 ? 2020' }"), 400);

        assertThat(refused.getString("detail")).contains("must have a time that is still to come");
    }

    @Test
    void what_there_is_not_is_said() {
        problem(given().get(NOWHERE), 404);
        problem(given().delete(NOWHERE), 404);
        problem(given().post(NOWHERE + "/enable"), 404);
        problem(given().post(NOWHERE + "/disable"), 404);
        problem(given().get("/api/schedules/nightly"), 400);
    }

    private static Response submit(String name, String schedule) {
        return Asking.with(SCHEDULED.formatted(name, schedule)).post("/api/studies");
    }

    private static JsonPath problem(Response response, int status) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        return response.jsonPath();
    }
}
