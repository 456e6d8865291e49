package org.basinlab.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeviceFaultsTest {

    @Test
    void what_a_gpu_does_is_known_by_its_words_wherever_they_stand() {
        RuntimeException illegal = new RuntimeException(
                "task", new IllegalStateException("CUDA error: 700, an illegal memory access\n\tat line 3"));

        assertThat(DeviceFaults.find(illegal)).contains("CUDA error: 700, an illegal memory access");
        assertThat(DeviceFaults.find(new OutOfMemoryError("Failed to allocate [4096] bytes from [DEVICE] memory")))
                .isPresent();
        assertThat(DeviceFaults.find(new RuntimeException("cublasSgemm failed; error code: 13")))
                .isPresent();
    }

    @Test
    void a_fault_of_the_task_or_the_heap_is_not_the_devices() {
        assertThat(DeviceFaults.find(new OutOfMemoryError("Java heap space"))).isEmpty();
        assertThat(DeviceFaults.find(new IllegalArgumentException("shapes must be equal, were [2] and [3]")))
                .isEmpty();
        assertThat(DeviceFaults.find(new NullPointerException())).isEmpty();
    }
}
