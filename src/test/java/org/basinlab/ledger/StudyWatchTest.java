package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class StudyWatchTest {

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    DataSource database;

    private Instant time(String column, Lease lease) {
        return ledger.ask(
                "SELECT %s FROM ledger.attempt WHERE token = ?1".formatted(column), Instant.class, lease.token());
    }

    @Test
    void a_task_that_came_back_has_the_time_of_that_and_not_of_its_beginning() {
        UUID study = ledger.submit(LedgerFixture.single(7401));
        Lease lease = ledger.claimOne(ledger.worker(), study);
        ledger.change(
                "UPDATE ledger.attempt SET started_at = started_at - interval '30 seconds' WHERE token = ?1",
                lease.token());
        StudyWatch watch = new StudyWatch(database, study, Optional.empty());
        watch.look();

        completions.release(lease);
        List<TaskView> told = watch.look().tasks();
        ledger.change(
                "UPDATE ledger.task_queue SET ready_at = ready_at + interval '1 hour' WHERE task_id = ?1",
                lease.taskId());
        List<TaskView> putOff = watch.look().tasks();

        assertThat(told).singleElement().satisfies(task -> {
            assertThat(task.state()).isEqualTo("READY");
            assertThat(task.changedAt().orElseThrow()).isAfterOrEqualTo(time("ended_at", lease));
        });
        assertThat(putOff)
                .singleElement()
                .satisfies(task -> assertThat(task.changedAt()).contains(time("ended_at", lease)));
    }

    @Test
    void who_has_a_task_has_it_since_it_began_and_what_ended_did_so_then() {
        UUID study = ledger.submit(LedgerFixture.single(7402));
        StudyWatch watch = new StudyWatch(database, study, Optional.empty());
        watch.look();

        Lease lease = ledger.claimOne(ledger.worker(), study);
        StudyWatch.Look begun = watch.look();
        ledger.finish(lease);
        StudyWatch.Look ended = watch.look();

        assertThat(begun.tasks()).singleElement().satisfies(task -> {
            assertThat(task.state()).isEqualTo("LEASED");
            assertThat(task.changedAt()).contains(time("started_at", lease));
        });
        assertThat(ended.inOrder())
                .extracting(thing -> ((TaskView) thing).state())
                .containsExactly("SUCCEEDED", "READY");
        assertThat(ended.tasks())
                .filteredOn(task -> task.id().equals(lease.taskId()))
                .singleElement()
                .satisfies(task -> {
                    assertThat(task.changedAt()).isEqualTo(task.finishedAt());
                });
    }
}
