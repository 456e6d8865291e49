package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Expiry;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.basinlab.ledger.Settlement;
import org.basinlab.ledger.Workers;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class LeaseSweepTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Workers workers;

    @Inject
    Settlement settlement;

    @Inject
    Expiry expiry;

    @Inject
    Bell bell;

    @Test
    void leases_that_ran_out_are_taken_back_though_a_limit_cannot_be_enforced() {
        UUID stuck = ledger.submit(LedgerFixture.single(7_401));
        Lease silent = ledger.claimOne(ledger.worker(), stuck);
        UUID study = ledger.submit(LedgerFixture.single(7_402));
        Lease lost = ledger.claimOne(ledger.worker(), study);
        ledger.change(
                "UPDATE ledger.task_queue SET progress_at = clock_timestamp() - interval '1 day' WHERE task_id = ?1",
                silent.taskId());
        ledger.change(
                "UPDATE ledger.task_queue SET lease_until = clock_timestamp() - interval '1 minute' WHERE task_id = ?1",
                lost.taskId());
        ledger.change("""
                CREATE FUNCTION ledger.refuses() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'nothing is written here' USING ERRCODE = '40P01';
                END $$
                """);
        ledger.change("CREATE TRIGGER refuses BEFORE UPDATE ON ledger.attempt FOR EACH ROW WHEN (NEW.token = %d)"
                        .formatted(silent.token())
                + " EXECUTE FUNCTION ledger.refuses()");

        // For a lease after the database came up none counts as run out, and here it may have come up just now.
        DispatchConfig config = ConfigOfTests.quick().leasing(Duration.ofMillis(1));
        try {
            new LeaseSweep(workers, settlement, expiry, config, bell).sweep();
        } finally {
            ledger.change("DROP FUNCTION ledger.refuses() CASCADE");
        }

        assertThat(ledger.tasks(study, "READY")).isEqualTo(1);
        assertThat(ledger.tasks(stuck, "LEASED")).isEqualTo(1);
    }
}
