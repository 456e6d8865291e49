package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpusTest {

    private static Gpus saying(String lines) {
        return new Gpus(true, Optional.of(lines));
    }

    @Test
    void the_first_processor_of_the_driver_is_taken() {
        Gpus gpus = saying("NVIDIA A100-SXM4-80GB, 8.0, 535.104.05\nTesla T4, 7.5, 535.104.05\n");

        assertThat(gpus.require()).isEqualTo(new Gpu("NVIDIA A100-SXM4-80GB", 8, 0, "535.104.05"));
        assertThat(gpus.all()).extracting(Gpu::capability).containsExactly("8.0", "7.5");
    }

    @Test
    void capabilities_from_3_7_to_8_9_are_supported() {
        for (String capability : new String[] {"3.7", "5.0", "6.1", "7.5", "8.0", "8.6", "8.9"}) {
            assertThat(saying("X, " + capability + ", 1").missing())
                    .as(capability)
                    .isEmpty();
        }
        for (String capability : new String[] {"3.0", "3.5", "9.0", "10.0", "12.0"}) {
            assertThatThrownBy(() -> saying("X, " + capability + ", 1").require())
                    .as(capability)
                    .isInstanceOf(GpuUnavailable.class);
        }
    }

    @Test
    void a_processor_that_is_too_new_is_refused_by_name() {
        assertThatThrownBy(() -> saying("NVIDIA H200, 9.0, 570.86.15").require())
                .isInstanceOf(GpuUnavailable.class)
                .hasMessage(
                        "--device gpu needs a GPU of compute capability 3.7 to 8.9, NVIDIA H200 has 9.0: the CUDA 11.6"
                                + " build of ND4J, the newest that there is, holds no code for it; --device cpu computes on the"
                                + " CPU");
    }

    @Test
    void a_machine_without_driver_is_refused() {
        assertThatThrownBy(() -> new Gpus(true, Optional.empty()).require())
                .hasMessage(
                        "--device gpu needs a GPU with NVIDIA's driver, nvidia-smi found none; --device cpu computes on"
                                + " the CPU");
    }

    @Test
    void a_driver_that_finds_no_processor_is_quoted() {
        assertThatThrownBy(() -> saying("No devices were found\n").require())
                .hasMessageContaining("nvidia-smi said: No devices were found; --device cpu");
    }

    @Test
    void a_build_without_the_cuda_backend_says_so() {
        Gpus gpus = new Gpus(false, Optional.of("Tesla T4, 7.5, 535.104.05"));

        assertThatThrownBy(gpus::require).hasMessageContaining("needs a build with the CUDA backend");
    }

    @Test
    void cuda_s_own_variable_says_which_processor_is_the_first() {
        assertThat(Gpus.firstVisible("2, 0")).contains("2");
        assertThat(Gpus.firstVisible("GPU-8932f937-d72c")).contains("GPU-8932f937-d72c");
        assertThat(Gpus.firstVisible("")).isEmpty();
        assertThat(Gpus.firstVisible(null)).isEmpty();
    }
}
