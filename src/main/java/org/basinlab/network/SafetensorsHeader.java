package org.basinlab.network;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.TensorShape;

/** The header of a safetensors file, every length, offset, type and shape in it checked against the file. */
final class SafetensorsHeader {

    static final String FLOAT32 = "F32";

    private static final int MOST_TENSORS = 10_000;
    private static final int MOST_AXES = 8;

    /** Keeps no names beyond the call: a table of them could be filled, or made to collide, by a file. */
    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxNumberLength(20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final int dataStart;
    private final Map<String, String> metadata;
    private final Map<String, Tensor> tensors;

    /**
     * @param shape its axes, each at least 1
     * @param begin of its values, in bytes from the start of the data
     * @param end of its values
     */
    record Tensor(List<Integer> shape, int begin, int end) {}

    private SafetensorsHeader(int dataStart, Map<String, String> metadata, Map<String, Tensor> tensors) {
        this.dataStart = dataStart;
        this.metadata = metadata;
        this.tensors = tensors;
    }

    /** @throws SafetensorsException if the file breaks the format or holds anything but float32 tensors without gaps */
    static SafetensorsHeader read(byte[] file) {
        if (file.length < Long.BYTES) {
            throw malformed("must begin with the 8 bytes of the header's length, had %d bytes".formatted(file.length));
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long most = Math.min(Safetensors.LONGEST_HEADER, file.length - Long.BYTES);
        if (length < 2 || length > most) {
            throw malformed(
                    "must have a header of 2 to %d bytes, says %s".formatted(most, Long.toUnsignedString(length)));
        }
        int dataStart = Long.BYTES + (int) length;
        JsonNode json = parse(file, (int) length);
        Map<String, String> metadata = Map.of();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (field.getKey().equals(Safetensors.METADATA)) {
                metadata = metadata(field.getValue());
            } else {
                tensors.put(field.getKey(), tensor(field.getKey(), field.getValue(), file.length - dataStart));
            }
        }
        requireNoGaps(tensors, file.length - dataStart);
        return new SafetensorsHeader(dataStart, metadata, tensors);
    }

    int dataStart() {
        return dataStart;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    Tensor tensor(String name) {
        return Optional.ofNullable(tensors.get(name))
                .orElseThrow(() -> malformed("must hold the tensor %s".formatted(name)));
    }

    /**
     * The perceptron that has exactly these tensors.
     *
     * @throws SafetensorsException if there is none
     */
    Architecture architecture() {
        List<Integer> widths = new ArrayList<>();
        for (int layer = 0; tensors.containsKey("layers." + layer + ".weight"); layer++) {
            List<Integer> shape = tensor("layers." + layer + ".weight").shape();
            if (shape.size() != 2) {
                throw malformed("must give layers.%d.weight two axes, gives %s".formatted(layer, shape));
            }
            if (layer == 0) {
                widths.add(shape.get(1));
            } else if (!shape.get(1).equals(widths.get(layer))) {
                throw malformed(
                        "must chain its layers: layers.%d.weight takes %d inputs, the layer before has %d outputs"
                                .formatted(layer, shape.get(1), widths.get(layer)));
            }
            widths.add(shape.get(0));
        }
        if (widths.size() < 2) {
            throw malformed("must hold layers.0.weight, layers.1.weight and so on of a perceptron, holds %s"
                    .formatted(someNames()));
        }
        Architecture architecture = perceptron(widths);
        for (TensorShape expected : architecture.tensors()) {
            List<Integer> shape = tensor(expected.name()).shape();
            if (!shape.equals(expected.axes())) {
                throw malformed(
                        "must give %s the shape %s, gives %s".formatted(expected.name(), expected.axes(), shape));
            }
        }
        if (architecture.tensors().size() != tensors.size()) {
            throw malformed("must hold the tensors of a perceptron and no others, holds %s".formatted(someNames()));
        }
        return architecture;
    }

    private static Architecture perceptron(List<Integer> widths) {
        try {
            return new Architecture.Mlp(
                    widths.get(0), widths.subList(1, widths.size() - 1), widths.get(widths.size() - 1));
        } catch (IllegalArgumentException e) {
            throw malformed("must hold a perceptron of a known size: " + e.getMessage());
        }
    }

    private List<String> someNames() {
        return tensors.keySet().stream().limit(20).toList();
    }

    private static JsonNode parse(byte[] file, int length) {
        try {
            // A strict decoder: Java would otherwise put U+FFFD for bytes that are no UTF-8.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file, Long.BYTES, length))
                    .toString();
            JsonNode json = MAPPER.readTree(text);
            if (!text.startsWith("{") || !json.isObject() || json.size() > MOST_TENSORS) {
                throw malformed("must have a JSON object of at most %d entries as header".formatted(MOST_TENSORS));
            }
            return json;
        } catch (CharacterCodingException e) {
            throw malformed("must have a header in UTF-8");
        } catch (JsonProcessingException e) {
            throw malformed("must have a header in JSON: %s".formatted(e.getOriginalMessage()));
        }
    }

    private static Map<String, String> metadata(JsonNode json) {
        if (!json.isObject()) {
            throw malformed("must have an object as %s".formatted(Safetensors.METADATA));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getValue().isTextual()) {
                throw malformed("must have texts as metadata, '%s' is none".formatted(field.getKey()));
            }
            requireWritable(field.getKey());
            requireWritable(field.getValue().textValue());
            metadata.put(field.getKey(), field.getValue().textValue());
        }
        return Collections.unmodifiableMap(metadata);
    }

    /** JSON can escape one half of a surrogate pair alone, which no UTF-8 text can hold: it could not be written again. */
    private static void requireWritable(String text) {
        if (!Safetensors.isUtf8(text)) {
            throw malformed(
                    "must have whole characters in its metadata, has half of a surrogate pair in '%s'".formatted(text));
        }
    }

    private static Tensor tensor(String name, JsonNode json, int dataLength) {
        if (!json.isObject() || json.size() != 3) {
            throw malformed("must give %s exactly dtype, shape and data_offsets".formatted(name));
        }
        if (!FLOAT32.equals(json.path("dtype").textValue())) {
            throw malformed("must have %s as dtype of %s, has %s: only float32 networks are read, convert others first"
                    .formatted(FLOAT32, name, json.path("dtype")));
        }
        List<Integer> shape = integers(name + ".shape", json.path("shape"), 1, MOST_AXES);
        List<Integer> offsets = integers(name + ".data_offsets", json.path("data_offsets"), 0, 2);
        if (offsets.size() != 2) {
            throw malformed("must give %s two data_offsets, gives %s".formatted(name, offsets));
        }
        int begin = offsets.get(0);
        int end = offsets.get(1);
        if (begin > end || end > dataLength) {
            throw malformed("must have data_offsets of %s within its %d bytes of data, has %s"
                    .formatted(name, dataLength, offsets));
        }
        long size = Float.BYTES;
        for (int axis : shape) {
            size = size > dataLength ? size : size * axis; // neither factor exceeds 2³¹, so this cannot overflow
        }
        if (size != end - begin) {
            throw malformed(
                    "must give %s as many bytes as its shape %s needs, gives %d".formatted(name, shape, end - begin));
        }
        return new Tensor(shape, begin, end);
    }

    private static List<Integer> integers(String where, JsonNode json, int least, int most) {
        if (!json.isArray() || json.size() > most) {
            throw malformed("must have a list of at most %d numbers as %s".formatted(most, where));
        }
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : json) {
            if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
                throw malformed("must have whole numbers in [%d, %d] in %s, has %s"
                        .formatted(least, Integer.MAX_VALUE, where, value));
            }
            values.add(value.intValue());
        }
        return values;
    }

    private static void requireNoGaps(Map<String, Tensor> tensors, int dataLength) {
        List<Map.Entry<String, Tensor>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.comparingInt(entry -> entry.getValue().begin()));
        int end = 0;
        for (Map.Entry<String, Tensor> entry : inOrder) {
            if (entry.getValue().begin() != end) {
                throw malformed(
                        "must have tensors without gap or overlap: %s begins at byte %d, the one before ends at %d"
                                .formatted(entry.getKey(), entry.getValue().begin(), end));
            }
            end = entry.getValue().end();
        }
        if (end != dataLength) {
            throw malformed("must end with its last tensor, at byte %d of its data, has %d".formatted(end, dataLength));
        }
    }

    private static SafetensorsException malformed(String mustHold) {
        return new SafetensorsException(mustHold);
    }
}
