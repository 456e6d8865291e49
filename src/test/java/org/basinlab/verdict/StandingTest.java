package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.basinlab.verdict.ClaimsForTests.claim;
import static org.basinlab.verdict.ClaimsForTests.direction;
import static org.basinlab.verdict.ClaimsForTests.one;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.StudyClaim;
import org.basinlab.study.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandingTest {

    private static Standing of(String state, Optional<String> judgeFailure) {
        Claim claim = claim("H1", 12, one(direction(0)));
        return Standing.of(new StudyClaim(
                new UUID(0, 1),
                "looked-at",
                state,
                1,
                1,
                Instant.EPOCH,
                claim,
                claim.digest(),
                12,
                1,
                judgeFailure,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"QUEUED", "RUNNING", "PAUSED"})
    void a_study_that_goes_on_has_not_ended(String state) {
        assertThat(of(state, Optional.empty())).isEqualTo(new Standing(false, false, "the study has not ended: "));
    }

    @Test
    void of_a_study_that_is_over_it_is_said_why_there_is_no_verdict() {
        assertThat(of("CANCELLED", Optional.empty())).isEqualTo(new Standing(false, true, "the study was cancelled: "));
        assertThat(of("FAILED", Optional.of("100 % wrong")))
                .isEqualTo(new Standing(false, true, "its judge failed: 100 % wrong; run the study again; so far "));
        assertThat(of("SUCCEEDED", Optional.empty()))
                .isEqualTo(new Standing(false, true, "the study has ended without a verdict on it: "));
    }
}
