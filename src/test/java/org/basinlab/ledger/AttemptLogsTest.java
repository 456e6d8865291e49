package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.basinlab.StoreForTests;
import org.junit.jupiter.api.Test;

/** What attempts say, in a real PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class AttemptLogsTest {

    private static final AttemptLogs.Position BEGINNING = new AttemptLogs.Position(0, 0);

    @Inject
    LedgerFixture ledger;

    @Inject
    Completions completions;

    @Inject
    AttemptLogs logs;

    private static List<AttemptLogs.Said> lines(int count, String text) {
        List<AttemptLogs.Said> lines = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            lines.add(new AttemptLogs.Said("info", text + i));
        }
        return lines;
    }

    private List<AttemptLogs.Line> all(UUID task) {
        return logs.list(task, BEGINNING, 10_000);
    }

    @Test
    void lines_of_all_attempts_come_in_order_and_from_where_one_stopped() {
        UUID study = ledger.submit(LedgerFixture.single(7101));
        UUID worker = ledger.worker();
        Lease first = ledger.claimOne(worker, study);
        logs.append(first.token(), lines(2, "first "));
        completions.release(first);
        Lease second = ledger.claimOne(worker, study);
        logs.append(second.token(), lines(1, "second "));
        logs.append(second.token(), List.of(new AttemptLogs.Said("warn", "it is\nhot")));

        List<AttemptLogs.Line> lines = all(second.taskId());
        List<AttemptLogs.Line> page = logs.list(second.taskId(), lines.get(1).position(), 1);

        assertThat(lines)
                .extracting(AttemptLogs.Line::message)
                .containsExactly("first 1", "first 2", "second 1", "it is hot");
        assertThat(lines)
                .extracting(AttemptLogs.Line::position)
                .containsExactly(
                        new AttemptLogs.Position(1, 1),
                        new AttemptLogs.Position(1, 2),
                        new AttemptLogs.Position(2, 1),
                        new AttemptLogs.Position(2, 2));
        assertThat(page).containsExactly(lines.get(2));
    }

    @Test
    void after_a_thousand_lines_one_says_that_more_was_left_out() {
        Lease lease = ledger.claimOne(ledger.worker(), ledger.submit(LedgerFixture.single(7102)));

        logs.append(lease.token(), lines(700, "a"));
        logs.append(lease.token(), lines(700, "b"));
        logs.append(lease.token(), lines(10, "c"));

        List<AttemptLogs.Line> lines = all(lease.taskId());
        assertThat(lines).hasSize(AttemptLogs.MOST_LINES);
        assertThat(lines.get(998).message()).isEqualTo("b299");
        assertThat(lines.get(999).message()).isEqualTo(AttemptLogs.LEFT_OUT);
        assertThat(lines.get(999).level()).isEqualTo("warn");
    }

    @Test
    void an_attempt_keeps_at_most_64_kibibytes() {
        Lease lease = ledger.claimOne(ledger.worker(), ledger.submit(LedgerFixture.single(7103)));

        for (int i = 0; i < 10; i++) {
            logs.append(lease.token(), lines(10, "ü".repeat(900)));
        }

        List<AttemptLogs.Line> lines = all(lease.taskId());
        int bytes = lines.stream()
                .mapToInt(line -> line.message().getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                .sum();
        assertThat(bytes).isBetween(AttemptLogs.MOST_BYTES - 2_000, AttemptLogs.MOST_BYTES);
        assertThat(lines)
                .filteredOn(line -> line.message().equals(AttemptLogs.LEFT_OUT))
                .hasSize(1);
        assertThat(lines.get(lines.size() - 1).message()).isEqualTo(AttemptLogs.LEFT_OUT);
    }

    @Test
    void a_line_is_one_line_that_the_store_can_hold() {
        assertThat(new AttemptLogs.Said("info", "a\u0000b\r\nc").message()).isEqualTo("a b c");
        assertThat(new AttemptLogs.Said("info", "x".repeat(9_999)).message()).hasSizeLessThan(2_100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttemptLogs.Said("debug", "x"))
                .withMessage("a line's level must be info, warn or error, was 'debug'");
    }
}
