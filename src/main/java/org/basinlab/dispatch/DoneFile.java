package org.basinlab.dispatch;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import org.basinlab.recipe.Digests;
import org.basinlab.workflow.TaskOutcome;

/**
 * A result as a file: the SHA-256 of what follows in hexadecimal, a line feed, and lease and outcome as JSON, bytes in base64. A
 * number that is none is the text {@code "NaN"}. What is read equals what was written, bit for bit.
 */
final class DoneFile {

    private static final int DIGEST_CHARACTERS = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule()
                    .addSerializer(BitSet.class, new BitsOut())
                    .addDeserializer(BitSet.class, new BitsIn()))
            .addMixIn(TaskOutcome.class, NamedOutcome.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private DoneFile() {}

    /** Whole or not at all, and on the disk when this returns. */
    static void write(Path file, Done done) throws IOException {
        byte[] json = MAPPER.writeValueAsBytes(done);
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            writeFully(channel, (Digests.of(json) + "\n").getBytes(StandardCharsets.US_ASCII));
            writeFully(channel, json);
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void writeFully(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** @throws IOException if it cannot be read, is damaged, or is none */
    static Done read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length <= DIGEST_CHARACTERS) {
            throw new IOException("%s must hold a result, it has %d bytes".formatted(file, bytes.length));
        }
        String digest = new String(bytes, 0, DIGEST_CHARACTERS, StandardCharsets.US_ASCII);
        byte[] json = Arrays.copyOfRange(bytes, DIGEST_CHARACTERS + 1, bytes.length);
        if (!Digests.of(json).equals(digest)) {
            throw new IOException("%s is damaged: its SHA-256 is not the one that it begins with".formatted(file));
        }
        return MAPPER.readValue(json, Done.class);
    }

    /** Says in the JSON which outcome it is. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = TaskOutcome.Succeeded.class, name = "succeeded"),
        @JsonSubTypes.Type(value = TaskOutcome.Concluded.class, name = "concluded"),
        @JsonSubTypes.Type(value = TaskOutcome.Rejected.class, name = "rejected")
    })
    private interface NamedOutcome {}

    private static final class BitsOut extends StdSerializer<BitSet> {
        private static final long serialVersionUID = 1L;

        BitsOut() {
            super(BitSet.class);
        }

        @Override
        public void serialize(BitSet bits, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeBinary(bits.toByteArray());
        }
    }

    private static final class BitsIn extends StdDeserializer<BitSet> {
        private static final long serialVersionUID = 1L;

        BitsIn() {
            super(BitSet.class);
        }

        @Override
        public BitSet deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return BitSet.valueOf(json.getBinaryValue());
        }
    }
}
