package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.basinlab.StoreForTests;
import org.basinlab.api.FewConnections;
import org.basinlab.study.RunSettings;
import org.junit.jupiter.api.Test;

/** Tasks that end by the hundred, on a server whose own sweep takes none of them. */
@QuarkusTest
@TestProfile(FewConnections.class)
@QuarkusTestResource(StoreForTests.class)
class MassEndingsTest {

    private static final RunSettings.TimeLimits NONE =
            new RunSettings.TimeLimits(Optional.empty(), Optional.empty(), Optional.empty());

    @Inject
    LedgerFixture ledger;

    @Inject
    Expiry expiry;

    @Test
    void what_is_late_in_great_number_is_ended_some_at_a_time_and_said_in_one_line() {
        UUID study = ledger.submitProbe(730_903, "{ shape: wide, tasks: %d, seconds: 0 }".formatted(Expiry.MOST + 1));
        ledger.change(
                "UPDATE ledger.study SET settings = CAST(?1 AS jsonb) WHERE id = ?2",
                "{\"limits\": {\"probe\": {\"queue\": 60}}}",
                study);
        ledger.change(
                "UPDATE ledger.task_queue SET ready_at = clock_timestamp() - interval '61 seconds' WHERE study_id = ?1",
                study);

        List<String> most = warnings(study, () -> expiry.enforce(NONE));
        long left = ledger.tasks(study, "READY");
        List<String> last = warnings(study, () -> expiry.enforce(NONE));

        assertThat(left).isEqualTo(1);
        assertThat(ledger.tasks(study, "FAILED")).isEqualTo(Expiry.MOST + 1);
        String reason = "no worker took it for 60 s, which is its limit";
        assertThat(most)
                .singleElement()
                .asString()
                .matches("study %s: %d tasks, such as [0-9a-f-]{36}: %s".formatted(study, Expiry.MOST, reason));
        assertThat(last).singleElement().asString().matches("task [0-9a-f-]{36}: " + reason);
    }

    /** What the queue says meanwhile of a study or its tasks, at WARN and above. */
    private List<String> warnings(UUID study, Runnable act) {
        List<String> said = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                    said.add(entry.getMessage());
                }
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger logger = Logger.getLogger("org.basinlab.ledger");
        logger.addHandler(handler);
        try {
            act.run();
        } finally {
            logger.removeHandler(handler);
        }
        String tasks = ledger.ask(
                "SELECT string_agg(CAST(id AS text), ' ') FROM ledger.task WHERE study_id = ?1", String.class, study);
        return said.stream()
                .filter(line -> Stream.of(line.split("[: ]+"))
                        .anyMatch(
                                word -> word.equals(study.toString()) || (word.length() == 36 && tasks.contains(word))))
                .toList();
    }
}
