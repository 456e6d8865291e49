package org.basinlab.network;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A safetensors file as another program writes it, tensor by tensor. */
final class RawSafetensors {

    private final StringBuilder header = new StringBuilder("{");
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    RawSafetensors floats(String name, List<Integer> shape, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add(name, "F32", shape, bytes.array());
    }

    RawSafetensors floats(String name, Integer... shape) {
        int size = 1;
        for (int axis : shape) {
            size *= axis;
        }
        return floats(name, List.of(shape), new float[size]);
    }

    RawSafetensors counter(String name) {
        return add(name, "I64", List.of(), new byte[] {7, 0, 0, 0, 0, 0, 0, 0});
    }

    RawSafetensors add(String name, String type, List<Integer> shape, byte[] values) {
        int begin = data.size();
        data.writeBytes(values);
        header.append(header.length() > 1 ? "," : "")
                .append("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                        .formatted(name, type, shape, begin, data.size()));
        return this;
    }

    byte[] bytes() {
        byte[] text = (header + "}").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + data.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data.toByteArray())
                .array();
    }
}
