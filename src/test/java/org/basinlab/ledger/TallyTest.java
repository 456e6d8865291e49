package org.basinlab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void one_task_is_named_and_several_are_counted_by_study_and_reason() {
        UUID study = UUID.randomUUID();
        UUID alone = UUID.randomUUID();
        UUID first = UUID.randomUUID();
        UUID elsewhere = UUID.randomUUID();
        Tally tally = new Tally();

        tally.add(study, first, "too late");
        tally.add(study, alone, "too slow");
        tally.add(study, UUID.randomUUID(), "too late");
        tally.add(UUID.randomUUID(), elsewhere, "too late");

        assertThat(tally.lines())
                .containsExactly(
                        "study %s: 2 tasks, such as %s: too late".formatted(study, first),
                        "task %s: too slow".formatted(alone),
                        "task %s: too late".formatted(elsewhere));
    }

    @Test
    void of_nothing_nothing_is_said() {
        assertThat(new Tally().lines()).isEmpty();
    }
}
