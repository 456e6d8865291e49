package org.basinlab.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-9, 0, 10",
        "bytes=3-, 3, 10",
        "bytes=9-9, 9, 10",
        "bytes=5-999, 5, 10",
        "bytes=-4, 6, 10",
        "bytes=-40, 0, 10",
        "bytes= 2 - 4, 2, 5"
    })
    void one_range_is_cut_to_what_is_there(String header, long from, long to) {
        assertThat(ByteRange.read(header, 10)).contains(new ByteRange(from, to, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=999999999999999999-"})
    void a_range_beyond_the_end_is_empty(String header) {
        ByteRange range = ByteRange.read(header, 10).orElseThrow();

        assertThat(range.isEmpty()).isTrue();
        assertThat(range.contentRange()).isEqualTo("bytes */10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=-",
                "bytes=5-2",
                "bytes=a-b",
                "items=0-1",
                "bytes=0-1,4-5",
                "bytes=1",
                "",
                "bytes=0-99999999999999999999"
            })
    void what_is_no_single_range_is_ignored(String header) {
        assertThat(ByteRange.read(header, 10)).isEmpty();
    }

    @Test
    void no_header_asks_for_the_whole() {
        assertThat(ByteRange.read(null, 10)).isEmpty();
    }
}
