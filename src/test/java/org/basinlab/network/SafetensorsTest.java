package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final Architecture.Mlp TINY = new Architecture.Mlp(3, List.of(2), 2);
    /** 3·2 + 2 + 2·2 + 2 values of four bytes. */
    private static final int TINY_DATA = 56;

    private static final String W0 = "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}";
    private static final String B0 = "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[24,32]}";
    private static final String W1 = "\"layers.1.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[32,48]}";
    private static final String B1 = "\"layers.1.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[48,56]}";

    private static Weights tiny() {
        float[] values = new float[14];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 0.5f;
        }
        return Weights.owning(TINY, values);
    }

    private static byte[] file(String header, int dataLength) {
        byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(8 + text.length + dataLength)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static String json(String... fields) {
        return "{" + String.join(",", fields) + "}";
    }

    @Test
    void what_was_written_is_read_back() {
        Map<String, String> metadata = Map.of("architecture", "3-2-2", "seed", "7", "quoted \"ü\"", "a\nb");

        SafetensorsFile read = Safetensors.read(Safetensors.write(tiny(), metadata));

        assertThat(read.weights().architecture()).isEqualTo(TINY);
        assertThat(read.weights().copy()).containsExactly(tiny().copy());
        assertThat(read.metadata()).isEqualTo(metadata);
    }

    @Test
    void equal_networks_have_the_bytes_that_they_always_had() {
        byte[] file = Safetensors.write(tiny(), Map.of("b", "2", "a", "1"));

        assertThat(new String(file, 8, 60, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},\"layers.0.weight\":{");
        assertThat(Digests.of(file)).isEqualTo("bd9f96724330df90c47a3aebb13ce4ca4a2e185a85b83842312bd53486245371");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8})
    void values_begin_at_a_multiple_of_eight_bytes(int extra) {
        byte[] file = Safetensors.write(tiny(), Map.of("k", "v".repeat(extra)));

        long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();

        assertThat(header % 8).isZero();
        assertThat(file.length).isEqualTo(8 + header + TINY_DATA);
    }

    @Test
    void tensors_may_lie_in_any_order_and_metadata_may_be_missing() {
        String header = json(
                "\"layers.1.bias\":{\"shape\":[2],\"dtype\":\"F32\",\"data_offsets\":[0,8]}",
                "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[8,32]}",
                "\"layers.1.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[40,56]}",
                "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[32,40]}");
        byte[] file = file(header, TINY_DATA);
        ByteBuffer data = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 14; i++) {
            data.putFloat(file.length - TINY_DATA + 4 * i, i);
        }

        SafetensorsFile read = Safetensors.read(file);

        assertThat(read.weights().copy()).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1);
        assertThat(read.metadata()).isEmpty();
    }

    @Test
    void a_file_of_another_program_is_read() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(getClass().getResourceAsStream("/reference/mlp/seed0.safetensors"))) {
            SafetensorsFile read = Safetensors.read(in.readAllBytes());

            assertThat(read.weights().architecture().label()).isEqualTo("3072-48-48-24-10");
            assertThat(read.weights().isFinite()).isTrue();
            assertThat(read.metadata()).isEmpty();
        }
    }

    @Test
    void metadata_that_would_make_too_long_a_header_is_refused() {
        assertThatThrownBy(() -> Safetensors.write(tiny(), Map.of("log", "x".repeat(1 << 20))))
                .hasMessageStartingWith("the header of a safetensors file must have at most 1048576 bytes, had ");
    }

    @Test
    void metadata_that_no_utf_8_can_hold_is_refused_by_reader_and_writer() {
        byte[] file = file(json("\"__metadata__\":{\"a\":\"\\ud800\"}", W0, B0, W1, B1), TINY_DATA);

        assertThatThrownBy(() -> Safetensors.read(file)).hasMessageContaining("half of a surrogate pair");
        assertThatThrownBy(() -> Safetensors.write(tiny(), Map.of("a", "\ud800")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' holds half of a surrogate pair");
    }

    @Test
    void names_that_collide_in_a_table_of_names_are_refused_like_any_other() {
        StringBuilder names = new StringBuilder("{");
        for (int bits = 0; bits < 4_096; bits++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((bits >> bit & 1) == 0 ? "AB" : "B!"); // 65·33 + 66 = 66·33 + 33
            }
            names.append(bits == 0 ? "" : ",").append('"').append(name).append("\":1");
        }

        assertThatThrownBy(() -> Safetensors.read(file(names + "}", 0)))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining("exactly dtype, shape and data_offsets");
    }

    @Test
    void a_perceptron_beyond_the_known_sizes_is_refused_as_such() {
        StringBuilder deep = new StringBuilder("{");
        for (int layer = 0; layer < 18; layer++) {
            deep.append("\"layers.%1$d.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[%2$d,%3$d]},"
                    .formatted(layer, 8 * layer, 8 * layer + 4));
            deep.append("\"layers.%1$d.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%2$d,%3$d]}%4$s"
                    .formatted(layer, 8 * layer + 4, 8 * layer + 8, layer < 17 ? "," : "}"));
        }

        assertThatThrownBy(() -> Safetensors.read(file(deep.toString(), 144)))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining("the number of hidden layers must lie in [0, 16], was 17");
    }

    @Test
    void spaces_after_the_header_are_part_of_the_format() {
        byte[] file = file(json(W0, B0, W1, B1) + " ".repeat(13), TINY_DATA);

        assertThat(Safetensors.read(file).weights().architecture()).isEqualTo(TINY);
    }

    static Stream<Arguments> malformed() {
        byte[] whole = file(json(W0, B0, W1, B1), TINY_DATA);
        byte[] longHeader = whole.clone();
        ByteBuffer.wrap(longHeader).order(ByteOrder.LITTLE_ENDIAN).putLong(-1L);
        return Stream.of(
                Arguments.of(new byte[0], "must begin with the 8 bytes of the header's length, had 0 bytes"),
                Arguments.of(new byte[8], "must have a header of 2 to 0 bytes, says 0"),
                Arguments.of(longHeader, "says 18446744073709551615"),
                Arguments.of(Arrays.copyOf(whole, 100), "must have a header of 2 to 92 bytes"),
                Arguments.of(Arrays.copyOf(whole, whole.length - 1), "within its 55 bytes of data"),
                Arguments.of(Arrays.copyOf(whole, whole.length + 1), "must end with its last tensor, at byte 56"),
                Arguments.of(file("[1,2]", 0), "must have a JSON object"),
                Arguments.of(file("{}{}", 0), "must have a header in JSON"),
                Arguments.of(file("{\"\u00e4\":1}", 0), "must have a header in UTF-8"),
                Arguments.of(
                        file("{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}", 0), "must have a header in JSON"),
                Arguments.of(file(json(W0, W0, B0, W1, B1), TINY_DATA), "Duplicate field 'layers.0.weight'"),
                Arguments.of(file(json("\"__metadata__\":{\"a\":1}", W0), 24), "must have texts as metadata"),
                Arguments.of(file(json("\"__metadata__\":3", W0), 24), "must have an object as __metadata__"),
                Arguments.of(changed("F32", "F16"), "must have F32 as dtype of layers.0.weight, has \"F16\""),
                Arguments.of(changed("\"F32\"", "32"), "must have F32 as dtype of layers.0.weight, has 32"),
                Arguments.of(changed("[2,3]", "[2,-3]"), "must have whole numbers in [1, 2147483647]"),
                Arguments.of(changed("[2,3]", "[2,2.5]"), "must have whole numbers"),
                Arguments.of(changed("[2,3]", "[2147483647,2147483647]"), "must give layers.0.weight as many bytes"),
                Arguments.of(changed("[2,3]", "[65536,65536,65536,65536]"), "must give layers.0.weight as many bytes"),
                Arguments.of(changed("[2,3]", "[6]"), "must give layers.0.weight two axes, gives [6]"),
                Arguments.of(changed("[0,24]", "[0,4294967320]"), "must have whole numbers"),
                Arguments.of(
                        changed("[0,24]", "[24,0]"), "must have data_offsets of layers.0.weight within its 56 bytes"),
                Arguments.of(changed("[0,24]", "[0,24,48]"), "must have a list of at most 2 numbers"),
                Arguments.of(changed("[0,24]", "[4,28]"), "must have tensors without gap or overlap"),
                Arguments.of(changed("[24,32]", "[20,28]"), "must have tensors without gap or overlap"),
                Arguments.of(changed("\"dtype\":\"F32\",\"shape\":[2,3]", "\"dtype\":\"F32\""), "exactly dtype, shape"),
                Arguments.of(changed("layers.0.bias", "layers.0.offset"), "must hold the tensor layers.0.bias"),
                Arguments.of(changed("layers.0.weight", "conv.weight"), "holds [conv.weight, layers.0.bias"),
                Arguments.of(
                        changed("[2,3]", "[3,2]"), "layers.1.weight takes 2 inputs, the layer before has 3 outputs"),
                Arguments.of(
                        file(
                                json(
                                        W0,
                                        B0,
                                        W1,
                                        B1,
                                        "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[56,60]}"),
                                60),
                        "must hold the tensors of a perceptron and no others"));
    }

    private static byte[] changed(String from, String to) {
        return file(json(W0.replace(from, to), B0.replace(from, to), W1, B1), TINY_DATA);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_file_is_refused_in_one_line_that_says_why(byte[] file, String why) {
        assertThatThrownBy(() -> Safetensors.read(file))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessageContaining(why)
                .hasMessageStartingWith("a safetensors file must ")
                .message()
                .hasSizeLessThan(400)
                .doesNotContain("\n");
    }
}
