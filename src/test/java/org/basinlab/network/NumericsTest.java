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

        assertThat(engine.kind()).isEqualTo(EngineKind.NATIVE_BLAS);
        assertThat(engine.engine()).isEqualTo("native-blas");
        assertThat(engine.device()).isEqualTo("cpu");
        assertThat(engine.blas()).matches("OpenBLAS \\d+\\.\\d+\\.\\d+");
        assertThat(engine.kernel()).isNotEqualTo("unknown");
        assertThat(engine.threads()).isOne();
        assertThat(engine.cpu()).isNotBlank();
    }

    /** Tries to change the engine, and prints what comes of it. */
    static final class Changing {
        public static void main(String[] arguments) {
            Numerics.use(EngineKind.ND4J);
            Numerics.use(EngineKind.ND4J);
            System.out.println(Numerics.prepare().kind());
            try {
                Numerics.use(EngineKind.NATIVE_BLAS);
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void the_engine_is_chosen_once() throws IOException, InterruptedException {
        String said = FreshProcess.run(Changing.class, entry -> true);

        assertThat(said)
                .contains("ND4J")
                .endsWith(
                        "this process computes with nd4j on the cpu, it cannot change to native-blas on the" + " cpu");
    }

    @Test
    void native_blas_needs_no_nd4j() throws IOException, InterruptedException {
        String said = FreshProcess.run(Probe.class, entry -> !entry.contains("nd4j"));

        assertThat(said.lines()).hasSize(2).allMatch(line -> line.startsWith("EngineDescription[kind=NATIVE_BLAS"));
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
        assertThat(said.get(0)).startsWith("engine native-blas needs its native libraries for ");
        assertThat(said.get(1)).isEqualTo(said.get(0));
    }
}
