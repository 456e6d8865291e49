package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Upkeep;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class ReplayAuditTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Upkeep upkeep;

    @Test
    void the_study_that_was_looked_at_longest_ago_is_next_and_none_before_it_is_time() {
        UUID first = ledger.submit(LedgerFixture.single(3301));
        ledger.runAll(first);
        UUID second = ledger.submit(LedgerFixture.single(3302));
        ledger.runAll(second);
        UUID unfinished = ledger.submit(LedgerFixture.single(3303));
        ledger.change(
                "UPDATE ledger.study SET bundle = repeat('ab', 32) WHERE id NOT IN (?1, ?2, ?3)",
                first,
                second,
                unfinished);

        UUID newest = upkeep.findToReplay(Duration.ofDays(1)).orElseThrow();
        upkeep.noteReplay(newest, Map.of("tasks", 1));
        boolean again = upkeep.findToReplay(Duration.ofDays(1)).isPresent();
        UUID next = upkeep.findToReplay(Duration.ZERO).orElseThrow();

        assertThat(newest).isEqualTo(second);
        assertThat(again).isFalse();
        assertThat(next).isEqualTo(first);
    }
}
