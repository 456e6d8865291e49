package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.basinlab.ledger.AttemptLogs;
import org.basinlab.ledger.Heartbeats;
import org.junit.jupiter.api.Test;

class HoldingTest {

    @Test
    void what_a_heartbeat_tells_of_a_task_that_ends_meanwhile_is_told_once() {
        Holding holding = new Holding();
        Held held = new Held(DoneFileTest.lease(1));
        held.begin(AttemptTime.UNLIMITED);
        holding.add(held);
        held.says("epoch 1 of 2");
        Heartbeats.Sign underWay = held.sign();
        held.says("epoch 2 of 2");

        holding.remove(held);
        holding.told(held, underWay);

        assertThat(holding.lastWords())
                .singleElement()
                .satisfies(words -> assertThat(words.lines())
                        .extracting(AttemptLogs.Said::message)
                        .containsExactly("epoch 2 of 2"));
    }
}
