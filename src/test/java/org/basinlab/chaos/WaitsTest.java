package org.basinlab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitsTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void a_wait_is_told_of_after_a_while_and_now_and_then_as_it_stands() {
        List<String> said = new ArrayList<>();
        AtomicInteger left = new AtomicInteger(30);
        Waits waits = new Waits(said::add, () -> left.getAndDecrement() + " left", -5 * SECOND);

        for (int second = 0; second <= 25; second++) {
            waits.look((second - 5) * SECOND);
        }

        assertThat(said).containsExactly("     10 s: 30 left", "     20 s: 29 left");
    }
}
