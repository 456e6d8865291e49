package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One text for one value: keys in alphabetical order, no white space, doubles in their shortest form on every Java
 * version. Equal values have equal texts, so the digest of the text names the value.
 */
public final class CanonicalJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            // A point in time is its ISO 8601 text, as everywhere over HTTP.
            .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final JsonSetter.Value NO_NULLS = JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.FAIL);

    private static final JsonMapper LENIENT = MAPPER.rebuild()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .withConfigOverride(List.class, list -> list.setSetterInfo(NO_NULLS))
            .withConfigOverride(Map.class, map -> map.setSetterInfo(NO_NULLS))
            .build();

    private CanonicalJson() {}

    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "cannot write a %s as JSON: %s".formatted(value.getClass().getSimpleName(), e.getMessage()), e);
        }
    }

    /**
     * The value that {@link #write} wrote.
     *
     * @throws IllegalArgumentException if the text is no such value
     */
    public static <T> T read(String json, Class<T> type) {
        return read(MAPPER, json, type);
    }

    /**
     * A record that another version of this program wrote, as far as this one knows it: further keys are passed over; numbers, flags,
     * lists and optional values that are absent are zero, false and empty. Its digest is that of the text and not of what is read.
     *
     * @throws IllegalArgumentException if the text is no JSON, or anything is absent that has no such value
     */
    public static <T> T readLenient(String json, Class<T> type) {
        T value = read(LENIENT, json, type);
        if (value == null) {
            throw new IllegalArgumentException("not the JSON of a %s: null".formatted(type.getSimpleName()));
        }
        return value;
    }

    private static <T> T read(JsonMapper mapper, String json, Class<T> type) {
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not the JSON of a %s: %s".formatted(type.getSimpleName(), e.getOriginalMessage()), e);
        }
    }

    /** SHA-256 of the text, in hexadecimal. */
    public static String digest(Object value) {
        return Digests.of(write(value).getBytes(StandardCharsets.UTF_8));
    }
}
