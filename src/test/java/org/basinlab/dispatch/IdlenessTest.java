package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdlenessTest {

    private final Idleness idleness = new Idleness();
    private final List<Boolean> told = new ArrayList<>();

    @Test
    void who_goes_idle_first_tells_the_store_and_looks_again() {
        boolean first = idleness.begin(told::add);
        boolean second = idleness.begin(told::add);

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(told).containsExactly(true);
        assertThat(idleness.slots()).isEqualTo(2);
    }

    @Test
    void the_store_learns_by_the_next_heartbeat_that_all_work_again() {
        idleness.begin(told::add);
        idleness.end();

        idleness.tell(told::add);
        boolean lookAgain = idleness.begin(told::add);

        assertThat(told).containsExactly(true, false, true);
        assertThat(lookAgain).isTrue();
    }
}
