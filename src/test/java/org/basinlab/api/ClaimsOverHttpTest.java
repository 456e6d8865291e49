package org.basinlab.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.study.ClaimRegister;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims as clients ask for them. */
@QuarkusTest
@TestProfile(KnownHosts.class)
@QuarkusTestResource(StoreForTests.class)
class ClaimsOverHttpTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    ClaimRegister register;

    private static JsonPath get(String address) {
        Response response = given().get(address);
        assertThat(response.statusCode()).as(address).isEqualTo(200);
        return response.jsonPath();
    }

    private UUID study(long seed) {
        UUID study = ledger.submit(LedgerFixture.claiming(LedgerFixture.pair(seed), List.of("T1", "T3")));
        ledger.runOneByOne(study);
        return study;
    }

    @Test
    void parts_of_the_list_are_all_claims_of_the_register_in_its_order() {
        List<String> ids = new ArrayList<>();

        String next = "";
        do {
            JsonPath part = get("/api/claims?limit=4" + next);
            ids.addAll(part.getList("items.id"));
            next = part.getString("next") == null ? null : "&after=" + part.getString("next");
        } while (next != null);

        assertThat(ids)
                .containsExactlyElementsOf(
                        register.list().stream().map(claim -> claim.id()).toList());
    }

    @Test
    void a_study_says_how_its_claims_stand() {
        UUID study = study(1801);

        JsonPath claims = get("/api/studies/%s/claims".formatted(study));

        assertThat(claims.getList("items.id")).containsExactly("T1", "T3");
        assertThat(claims.getList("items.verdict")).containsOnly("provisional");
        assertThat(claims.getInt("items[0].n")).isEqualTo(1);
        assertThat(claims.getInt("items[0].planned")).isEqualTo(1);
        assertThat(claims.getDouble("items[0].measured")).isZero();
        assertThat(claims.getString("items[0].p")).isNull();
        assertThat(get("/api/studies/%s/claims?limit=1".formatted(study)).getString("next"))
                .isNotNull();
    }

    @Test
    void a_claim_in_full_has_its_wording_rule_and_queries() {
        UUID study = study(1802);

        JsonPath card = get("/api/claims/T3?study=" + study);

        assertThat(card.getString("claim.wording")).contains("weight norm");
        assertThat(card.getString("claim.paper.id")).isEqualTo("test:norms");
        assertThat(card.getString("claim.specifications[0].queries.norm")).contains("results.metrics");
        assertThat(card.getList("rule")).isNotEmpty();
        assertThat(card.getString("verdict")).isEqualTo("provisional");
        assertThat(card.getString("study.id")).isEqualTo(study.toString());
        assertThat(card.getList("errors")).isEmpty();
    }

    @Test
    void a_damaged_network_makes_what_rests_on_it_stale() {
        UUID study = study(1803);
        String sha256 = ledger.ask("SELECT min(sha256) FROM results.networks WHERE study_id = ?1", String.class, study);
        JsonPath before = get("/api/claims/T3?study=" + study);
        ledger.change(
                "UPDATE ledger.checkpoint SET damaged_at = clock_timestamp(), damage = 'made up' WHERE sha256 = ?1",
                sha256);
        try {
            JsonPath after = get("/api/claims/T3?study=" + study);

            assertThat(before.getList("stale")).isEmpty();
            assertThat(after.getList("stale")).containsExactly(sha256);
            assertThat(after.getString("verdict")).isEqualTo(before.getString("verdict"));
            assertThat(get("/api/studies/%s/claims".formatted(study)).getList("items.stale"))
                    .containsOnly(true);
        } finally {
            ledger.change("UPDATE ledger.checkpoint SET damaged_at = NULL, damage = NULL WHERE sha256 = ?1", sha256);
        }
    }

    @Test
    void a_claim_that_no_study_lists_is_not_run() {
        JsonPath card = get("/api/claims/T5");

        assertThat(card.getString("verdict")).isEqualTo("not run");
        assertThat(card.getString("conclusion.reason")).isEqualTo("awaits networks of another kind");
        assertThat(card.getString("study")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/claims/H99, 404, no claim has the id H99",
        "/api/claims/H%201, 400, a claim must be named by letters and digits",
        "/api/claims/T1?study=00000000-0000-0000-0000-000000000009, 404, does not list claim T1",
        "/api/claims/T1?study=x, 400, an id must be a UUID",
        "/api/claims?after=AAAA, 400, after must be the cursor",
        "/api/claims?limit=0, 400, limit must lie in",
        "/api/studies/00000000-0000-0000-0000-000000000009/claims, 404, no study has the id"
    })
    void what_there_is_not_is_a_problem(String address, int status, String detail) {
        Response response = given().urlEncodingEnabled(false).get(address);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.jsonPath().getString("detail")).contains(detail);
    }
}
