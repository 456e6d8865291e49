package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.basinlab.StoreForTests;
import org.basinlab.ledger.Completions;
import org.basinlab.ledger.Lease;
import org.basinlab.ledger.LedgerFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results while the store is away; that it is so, a trigger says in PostgreSQL's own words. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class HandInTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @TempDir
    Path folder;

    private ConfigOfTests config;
    private ResultBuffer buffer;

    @BeforeEach
    void begin() {
        config = ConfigOfTests.quick().buffering(folder);
        buffer = new ResultBuffer(config);
    }

    @AfterEach
    void end() {
        comeBack();
        buffer.close();
    }

    private HandIn handIn(Duration outage) {
        return new HandIn(completions, buffer, new RetryBudget(), config.within(Duration.ofHours(1), outage));
    }

    private void goAway(Lease lease, String state) {
        ledger.change("""
                CREATE FUNCTION ledger.away() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'the database system is starting up' USING ERRCODE = '%s';
                END $$
                """.formatted(state));
        ledger.change("CREATE TRIGGER away BEFORE UPDATE ON ledger.attempt FOR EACH ROW WHEN (NEW.token = %d)"
                        .formatted(lease.token())
                + " EXECUTE FUNCTION ledger.away()");
    }

    private void comeBack() {
        ledger.change("DROP FUNCTION IF EXISTS ledger.away() CASCADE");
    }

    /** Listed and not walked: a file that is renamed meanwhile is no fault. */
    private long waiting() {
        return Stream.ofNullable(folder.toFile().listFiles())
                .flatMap(Stream::of)
                .flatMap(process -> Stream.ofNullable(process.list()).flatMap(Stream::of))
                .filter(name -> name.endsWith(".result"))
                .count();
    }

    @Test
    void a_result_lies_on_the_disk_while_the_store_is_away_and_counts_when_it_is_back() throws Exception {
        UUID study = ledger.submit(LedgerFixture.single(7301));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        goAway(lease, "57P03");
        Done done = new Done(lease, LedgerFixture.success(lease));

        CompletableFuture<Void> handed =
                CompletableFuture.runAsync(() -> handIn(Duration.ofMinutes(2)).results(List.of(done)));
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (waiting() == 0) {
            assertThat(System.nanoTime()).as("in time").isLessThan(giveUp);
            Thread.onSpinWait();
        }
        comeBack();
        handed.get(30, TimeUnit.SECONDS);

        assertThat(waiting()).isZero();
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(1);
    }

    @Test
    void a_result_outlasts_a_process_that_waited_for_too_long() {
        UUID study = ledger.submit(LedgerFixture.single(7302));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        goAway(lease, "53100");
        Done done = new Done(lease, LedgerFixture.success(lease));

        assertThatExceptionOfType(StoreGoneException.class)
                .isThrownBy(() -> handIn(Duration.ofMillis(300)).results(List.of(done)))
                .withMessageStartingWith("the disk of the store must have room for a result, it is full");
        buffer.close();
        long left = waiting();
        comeBack();
        int handedIn = new ResultBuffer(config)
                .handInLeftovers(one -> handIn(Duration.ofMinutes(1)).results(List.of(one)));

        assertThat(left).isEqualTo(1);
        assertThat(handedIn).isEqualTo(1);
        assertThat(waiting()).isZero();
        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(1);
    }

    @Test
    void of_results_that_come_together_one_that_is_late_spoils_none() {
        UUID study = ledger.submit(LedgerFixture.unmerged(7303, 2));
        UUID worker = ledger.worker();
        Lease first = ledger.claimOne(worker, study);
        Lease second = ledger.claimOne(worker, study);
        completions.release(first);
        Lease newer = ledger.claimOne(ledger.worker(), study);

        handIn(Duration.ofMinutes(1))
                .results(List.of(
                        new Done(first, LedgerFixture.success(first)),
                        new Done(second, LedgerFixture.success(second))));

        assertThat(ledger.tasks(study, "SUCCEEDED")).isEqualTo(1);
        assertThat(ledger.finish(newer)).isTrue();
        assertThat(waiting()).isZero();
    }
}
