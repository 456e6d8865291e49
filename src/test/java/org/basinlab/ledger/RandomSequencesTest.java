package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.basinlab.StoreForTests;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to a study in whatever order, it is where a model of it says, and comes to its end. {@code -Dsequences=10000} runs
 * as many; the seed of one that failed stands in its message.
 */
@QuarkusTest
@QuarkusTestResource(StoreForTests.class)
class RandomSequencesTest {

    private static final int SEQUENCES = Integer.getInteger("sequences", 60);
    private static final int STEPS = 14;

    /** I1: every task is in the queue or at its end, and never both. */
    private static final String UNOWNED = """
            SELECT count(*)
              FROM ledger.task t
              JOIN ledger.study s ON s.id = t.study_id AND s.name = 'random-sequence'
              LEFT JOIN ledger.task_queue q ON q.task_id = t.id
             WHERE (t.outcome IS NULL) <> (q.task_id IS NOT NULL)
            """;

    /** I2: one accepted result a task. */
    private static final String DOUBLED = """
            SELECT count(*)
              FROM (SELECT t.id, t.outcome, t.reused_from, count(a.token) FILTER (WHERE a.outcome = 'succeeded') AS accepted
                      FROM ledger.task t
                      JOIN ledger.study s ON s.id = t.study_id AND s.name = 'random-sequence'
                      LEFT JOIN ledger.attempt a ON a.task_id = t.id
                     GROUP BY t.id) x
             WHERE accepted <> CASE WHEN outcome = 'SUCCEEDED' AND reused_from IS NULL THEN 1 ELSE 0 END
            """;

    /** I6: an attempt that is open is that of a lease, and each lease has one. */
    private static final String OPEN = """
            SELECT count(*)
              FROM ledger.attempt a
              JOIN ledger.task t ON t.id = a.task_id
              JOIN ledger.study s ON s.id = t.study_id AND s.name = 'random-sequence'
              FULL JOIN (SELECT q.token
                           FROM ledger.task_queue q
                           JOIN ledger.study s ON s.id = q.study_id AND s.name = 'random-sequence'
                          WHERE q.state = 'LEASED') l ON l.token = a.token
             WHERE (a.outcome IS NULL AND l.token IS NULL) OR (a.token IS NULL)
            """;

    /** I7: at the end nothing is left. */
    private static final String LEFT = """
            SELECT count(*)
              FROM ledger.study s
              LEFT JOIN ledger.task_queue q ON q.study_id = s.id
             WHERE s.name = 'random-sequence'
               AND (q.task_id IS NOT NULL OR s.state NOT IN ('SUCCEEDED', 'FAILED', 'CANCELLED'))
            """;

    @Inject
    LedgerFixture ledger;

    @Inject
    QueueActs acts;

    @Test
    void a_study_is_where_its_model_is_after_any_sequence_of_acts_and_ends() {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            long seed = 710_000L + sequence;
            QueueModel model = acts.begin(seed);
            try {
                var random = Seeds.generator(seed);
                for (int step = 0; step < STEPS; step++) {
                    acts.act(model, random);
                    model.requireEqual(acts.states(model.study()));
                }
                acts.bringToEnd(model);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("sequence with seed %d: %s".formatted(seed, model.story()), e);
            }
        }

        assertThat(ledger.ask(UNOWNED, Long.class)).isZero();
        assertThat(ledger.ask(DOUBLED, Long.class)).isZero();
        assertThat(ledger.ask(OPEN, Long.class)).isZero();
        assertThat(ledger.ask(LEFT, Long.class)).isZero();
    }
}
