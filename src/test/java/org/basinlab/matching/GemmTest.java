package org.basinlab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class GemmTest {

    @Test
    void operands_are_given_back_where_there_is_no_memory_for_their_product() {
        long needed = (long) Integer.MAX_VALUE * Double.BYTES;
        assumeThat(Pointer.maxBytes()).as("JavaCPP's limit").isPositive().isLessThan(needed);
        try (Gemm warm = new Gemm(1, 1)) {
            assertThat(warm).isNotNull();
        }
        long before = Pointer.totalBytes();

        assertThatThrownBy(() -> new Gemm(1_000_000, Integer.MAX_VALUE)).isInstanceOf(OutOfMemoryError.class);

        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
    }
}
