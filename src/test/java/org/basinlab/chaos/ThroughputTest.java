package org.basinlab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThroughputTest {

    private static final Struck KILLS = Struck.dead(List.of(1L, 2L)).measured(Struck.Measured.SHARE_OF_LIVE);

    @Test
    void work_that_died_with_its_worker_was_not_done() {
        Throughput throughput = new Throughput(true);
        look(throughput, 0, 10, 2, 0);

        assertThat(share(throughput, KILLS.wasted(3))).isCloseTo(0.85, within(1e-9));
        assertThat(throughput.measure(KILLS.wasted(3), at(0), at(10)).wrong()).isEmpty();
        assertThat(throughput.measure(KILLS.wasted(5), at(0), at(10)).wrong())
                .containsExactly("throughput must be at least 80 % of what living workers could do, was 75.0 %");
    }

    @Test
    void a_slot_that_idles_though_there_is_work_does_nothing() {
        Throughput throughput = new Throughput(true);
        look(throughput, 0, 10, 4, 1);

        assertThat(share(throughput, KILLS)).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void what_was_idle_before_is_no_fault_of_the_fault() {
        Throughput throughput = new Throughput(true);
        look(throughput, 0, 10, 4, 1);
        look(throughput, 20, 30, 4, 1);
        look(throughput, 40, 50, 4, 2);
        Struck ended = Struck.nobody().measured(Struck.Measured.SHARE_OF_BASELINE);

        assertThat(throughput.measure(ended, at(20), at(30)).wrong()).isEmpty();
        assertThat(throughput.measure(ended, at(40), at(50)).wrong())
                .containsExactly("throughput must be at least 95 % of the minute before, was 66.7 %");
    }

    @Test
    void in_a_short_run_it_is_told_and_no_more() {
        Throughput throughput = new Throughput(false);
        look(throughput, 0, 10, 2, 2);

        Throughput.Found found = throughput.measure(KILLS, at(0), at(10));

        assertThat(found.share().orElseThrow().share()).isZero();
        assertThat(found.wrong()).isEmpty();
    }

    @Test
    void what_nobody_looked_at_is_not_told() {
        Throughput throughput = new Throughput(true);
        look(throughput, 0, 10, 2, 2);

        assertThat(throughput.measure(KILLS, at(20), at(30)).share()).isEmpty();
        assertThat(throughput.measure(Struck.nobody(), at(0), at(10)).share()).isEmpty();
    }

    /** One sample a second. */
    private static void look(Throughput throughput, int from, int to, int slots, int idle) {
        for (int second = from; second < to; second++) {
            throughput.add(new Throughput.Sample(at(second), slots, idle));
        }
    }

    private static double share(Throughput throughput, Struck struck) {
        return throughput.measure(struck, at(0), at(10)).share().orElseThrow().share();
    }

    private static long at(int second) {
        return TimeUnit.SECONDS.toNanos(second);
    }
}
