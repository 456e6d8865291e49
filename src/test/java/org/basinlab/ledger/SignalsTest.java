package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signals between processes, over a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class SignalsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Inject
    LedgerFixture ledger;

    @Inject
    ReservedConnections connections;

    @Inject
    TransactionSynchronizationRegistry transactions;

    @Inject
    Heartbeats heartbeats;

    private Signals signals;
    private Notices notices;

    @BeforeEach
    void listen() {
        signals = new Signals(transactions, connections);
        notices = new Notices(connections);
        notices.listen();
    }

    @AfterEach
    void end() {
        signals.end();
        notices.close();
    }

    /** Everything up to the word that ends it, and what came together with that. */
    private List<Notices.Notice> heardBefore(UUID end) {
        List<Notices.Notice> heard = new ArrayList<>();
        long giveUp = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() < giveUp) {
            heard.addAll(notices.await(Duration.ofSeconds(1)));
            if (heard.removeIf(one -> one.payload().equals(end.toString()))) {
                return heard;
            }
        }
        throw new AssertionError("not heard in time, but " + heard);
    }

    private List<Notices.Notice> ofStudy(UUID study, UUID end) {
        return heardBefore(end).stream()
                .filter(one -> one.payload().equals(study.toString()))
                .toList();
    }

    @Test
    void a_signal_is_sent_when_the_transaction_is_committed_and_not_before() {
        UUID study = UUID.randomUUID();
        UUID before = UUID.randomUUID();
        UUID after = UUID.randomUUID();

        List<Notices.Notice> heardInside = QuarkusTransaction.requiringNew().call(() -> {
            signals.study(study);
            Signals other = new Signals(transactions, connections);
            QuarkusTransaction.suspendingExisting().run(() -> other.study(before));
            List<Notices.Notice> heard = ofStudy(study, before);
            other.end();
            return heard;
        });
        signals.study(after);

        assertThat(heardInside).isEmpty();
        List<Notices.Notice> heard = new ArrayList<>();
        for (long giveUp = System.nanoTime() + SOON.toNanos();
                heard.stream().noneMatch(one -> one.payload().equals(after.toString()))
                        && System.nanoTime() < giveUp; ) {
            heard.addAll(notices.await(Duration.ofSeconds(1)));
        }
        assertThat(heard)
                .contains(
                        new Notices.Notice(Signals.STUDY, study.toString()),
                        new Notices.Notice(Signals.STUDY, after.toString()));
    }

    @Test
    void what_is_rolled_back_is_not_said() {
        UUID study = UUID.randomUUID();
        UUID end = UUID.randomUUID();

        QuarkusTransaction.begin();
        signals.study(study);
        QuarkusTransaction.rollback();
        signals.study(end);

        assertThat(ofStudy(study, end)).isEmpty();
    }

    @Test
    void many_within_a_moment_are_few() {
        UUID study = UUID.randomUUID();
        UUID end = UUID.randomUUID();

        for (int i = 0; i < 1_000; i++) {
            signals.study(study);
        }
        signals.study(end);

        assertThat(ofStudy(study, end)).hasSizeBetween(1, 20);
    }

    @Test
    void work_is_said_to_those_who_idle_and_only_then() {
        ledger.change("UPDATE ledger.worker SET idle_since = NULL");
        UUID worker = ledger.worker();
        UUID unheard = UUID.randomUUID();
        signals.work();
        signals.study(unheard);
        List<Notices.Notice> whenBusy = heardBefore(unheard);
        heartbeats.here(new Heartbeats.Self(worker, WorkerState.ACTIVE, true, Optional.empty()));

        signals.work();
        UUID end = UUID.randomUUID();
        signals.study(end);

        assertThat(whenBusy).extracting(Notices.Notice::channel).doesNotContain(Signals.WORK);
        assertThat(heardBefore(end))
                .contains(new Notices.Notice(Signals.WORK, signals.self().toString()));
    }

    @Test
    void a_process_wakes_itself_without_the_store() {
        AtomicInteger rings = new AtomicInteger();
        signals.whenWorkComesFromHere(rings::incrementAndGet);

        signals.work();
        QuarkusTransaction.requiringNew().run(() -> {
            signals.work();
            signals.work();
        });

        assertThat(rings).hasValue(2);
    }
}
