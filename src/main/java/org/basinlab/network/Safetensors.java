package org.basinlab.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.TensorNames;
import org.basinlab.recipe.TensorShape;

/**
 * The safetensors format: eight bytes with the length of a JSON header (little-endian), the header, then the tensors'
 * values without gaps. Equal weights and metadata give equal bytes.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors {

    /** The longest header that is written or read, in bytes. */
    public static final int LONGEST_HEADER = 1 << 20;

    /** The key of the metadata under which a file states its architecture, in canonical JSON. */
    public static final String ARCHITECTURE = "architecture";

    static final String METADATA = "__metadata__";

    private static final int ALIGNMENT = 8;

    private Safetensors() {}

    /**
     * The bytes of a file: metadata first, by key, then the tensors in the order of their architecture; the header ends
     * in spaces so that the values begin at a multiple of eight bytes.
     *
     * @throws IllegalArgumentException if the header would be longer than {@link #LONGEST_HEADER}, the file than the longest
     *     array of Java, or a text of the metadata is no whole characters; what is written can be read
     */
    public static byte[] write(Weights weights, Map<String, String> metadata) {
        metadata.forEach((name, text) -> requireWholeCharacters(name, text));
        byte[] header = header(weights.architecture(), metadata);
        int padded = Math.multiplyExact((header.length + ALIGNMENT - 1) / ALIGNMENT, ALIGNMENT);
        if (padded > LONGEST_HEADER) {
            throw new IllegalArgumentException("the header of a safetensors file must have at most %d bytes, had %d"
                    .formatted(LONGEST_HEADER, padded));
        }
        int length = Math.addExact(Long.BYTES + padded, Math.multiplyExact(weights.size(), Float.BYTES));
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(header);
        while (bytes.position() < Long.BYTES + padded) {
            bytes.put((byte) ' ');
        }
        bytes.asFloatBuffer().put(weights.flat());
        return bytes.array();
    }

    /** Reads a file that says enough of itself. */
    public static SafetensorsFile read(byte[] file) {
        return read(file, TensorNames.NONE);
    }

    /**
     * Reads a file of one known architecture, whose tensors may lie in any order: the one that its metadata state as
     * {@code architecture} in our JSON; else the one that {@code names} says; else the one that has these tensors. Names are
     * ours or those of the usual PyTorch ports.
     *
     * <p>Nothing is allocated by what the file claims: memory goes with the bytes that are there, at most about fifty times
     * the header for its JSON and once the values.
     *
     * @throws SafetensorsException if it is no such file
     */
    public static SafetensorsFile read(byte[] file, TensorNames names) {
        SafetensorsHeader header = SafetensorsHeader.read(file);
        TensorLayout layout = Recognition.of(header.shapes(), stated(header.metadata()), names);
        Architecture architecture = layout.architecture();
        FloatBuffer values = ByteBuffer.wrap(file, header.dataStart(), file.length - header.dataStart())
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] flat = new float[architecture.parameterCount()];
        for (TensorShape tensor : architecture.tensors()) {
            String name = Objects.requireNonNull(layout.theirs().get(tensor.name()));
            int begin = header.tensor(name).begin() / Float.BYTES;
            values.get(begin, flat, tensor.offset(), tensor.size());
        }
        return new SafetensorsFile(Weights.owning(architecture, flat), header.metadata());
    }

    /** Other programs may mean something else by the key: what is no architecture of ours says nothing. */
    private static Optional<Architecture> stated(Map<String, String> metadata) {
        try {
            return Optional.ofNullable(metadata.get(ARCHITECTURE))
                    .map(text -> CanonicalJson.read(text, Architecture.class))
                    .filter(architecture -> !(architecture instanceof Architecture.Mlp))
                    .map(Architecture::requireFewParameters);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void requireWholeCharacters(String name, String text) {
        if (!isUtf8(name) || !isUtf8(text)) {
            throw new IllegalArgumentException(
                    "metadata of a safetensors file must be whole characters, '%s' holds half of a surrogate pair"
                            .formatted(name));
        }
    }

    /** Java's texts can hold half of a surrogate pair, which no UTF-8 can. */
    static boolean isUtf8(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static byte[] header(Architecture architecture, Map<String, String> metadata) {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            json.append('"').append(METADATA).append("\":");
            json.append(CanonicalJson.write(new TreeMap<>(metadata))).append(',');
        }
        String comma = "";
        for (TensorShape tensor : architecture.tensors()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put(
                    "data_offsets",
                    List.of(
                            (long) tensor.offset() * Float.BYTES,
                            ((long) tensor.offset() + tensor.size()) * Float.BYTES));
            entry.put("dtype", SafetensorsHeader.FLOAT32);
            entry.put("shape", tensor.axes());
            json.append(comma).append('"').append(tensor.name()).append("\":").append(CanonicalJson.write(entry));
            comma = ",";
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }
}
