package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private final Holding holding = new Holding();
    private final Memory memory = new Memory(holding);

    MemoryTest() {
        memory.has(100);
    }

    private static List<Held> claim(long token, long... needs) {
        List<Held> claim = LongStream.range(0, needs.length)
                .mapToObj(i -> new Held(DoneFileTest.lease(token + i)))
                .toList();
        for (int i = 0; i < needs.length; i++) {
            claim.get(i).isOneOf(claim);
            claim.get(i).needs(needs[i]);
        }
        return claim;
    }

    @Test
    void of_a_claim_the_largest_task_counts_and_claims_add_up() {
        boolean first = memory.reserve(claim(1, 40, 30, 20));
        boolean second = memory.reserve(claim(11, 50));

        assertThat(List.of(first, second)).containsOnly(true);
        assertThat(memory.free()).isEqualTo(10);
    }

    @Test
    void what_does_not_fit_beside_others_is_not_held_and_does_when_they_have_ended() {
        List<Held> large = claim(1, 60);
        List<Held> other = claim(11, 60);
        memory.reserve(large);

        boolean beside = memory.reserve(other);
        large.forEach(holding::remove);
        boolean after = memory.reserve(other);

        assertThat(beside).isFalse();
        assertThat(after).isTrue();
        assertThat(memory.free()).isEqualTo(40);
    }
}
