package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumericsTest {

    /** Prints the engine, or why there is none, at the first attempt and at the second. */
    static final class Probe {
        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println(Numerics.prepare());
                } catch (NumericsUnavailable e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Test
    void the_engine_says_what_it_is_and_computes_with_one_thread() {
        EngineDescription engine = Numerics.prepare();

        assertThat(engine.engine()).matches("ND4J \\d.*");
        assertThat(engine.blas()).matches("OpenBLAS \\d+\\.\\d+\\.\\d+");
        assertThat(engine.kernel()).isNotEqualTo("unknown");
        assertThat(engine.threads()).isOne();
        assertThat(engine.cpu()).isNotBlank();
    }

    /** Any CPU on which this runs does more than one operation in a nanosecond, and none does ten thousand on one thread. */
    @Test
    void the_speed_of_products_is_in_operations_a_nanosecond() {
        assertThat(Numerics.gemmSpeed()).isBetween(1.0, 10_000.0);
    }

    @Test
    void a_machine_without_native_libraries_gets_one_clear_error_every_time() throws IOException, InterruptedException {
        List<String> said = FreshProcess.run(Probe.class, entry -> !entry.contains("linux-"))
                .lines()
                .toList();

        assertThat(said).hasSize(2);
        assertThat(said.get(0)).startsWith("numerics need the native libraries of ND4J and OpenBLAS for ");
        assertThat(said.get(1)).isEqualTo(said.get(0));
    }
}
