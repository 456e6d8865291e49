package org.basinlab.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;

/** Thirty thousand damaged files: each is a network all the same, or refused in one line, at the cost of what is there. */
class SafetensorsFuzzTest {

    private static final int MUTANTS = 30_000;

    /** Classes that are loaded by the first of each kind are no cost of a file. */
    private static final int WARM_UP = 2_000;

    private static final Architecture.Mlp TINY = new Architecture.Mlp(3, List.of(2), 2);

    /** JSON nodes of a damaged header and a message, in a file of some hundred bytes. */
    private static final long MOST_SPARE_BYTES = 200_000;

    private static final int MOST_BYTES_A_BYTE = 60;

    /** What a claim in the file can be replaced by: sizes, offsets, types and structures that no honest file has. */
    private static final List<String> LIES = List.of(
            "[]",
            "{}",
            "null",
            "true",
            "NaN",
            "-1",
            "0",
            "1",
            "2.5",
            "1e9",
            "1e999999999",
            "[1]",
            "[0]",
            "[2,3]",
            "[3,2]",
            "[-2,-3]",
            "[2147483647]",
            "[2147483647,2147483647]",
            "[65536,65536]",
            "[9223372036854775807]",
            "[4294967296,4294967296]",
            "[18446744073709551617,1]",
            "[1,1,1,1,1,1,1,1,1]",
            "[0,24]",
            "[24,0]",
            "[0,4]",
            "[4,28]",
            "[-8,16]",
            "[2147483640,2147483664]",
            "[[2,3]]",
            "\"F16\"",
            "\"BF16\"",
            "\"F64\"",
            "\"I8\"",
            "\"f32\"",
            "\"\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\u001b[2J\"",
            "\"\u2028\"",
            "99999999999999999999999999",
            "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[56,60]}",
            "[".repeat(40),
            "{\"a\":".repeat(30));

    private static final List<String> NAMES = List.of(
            "layers.0.weight",
            "layers.0.bias",
            "layers.1.weight",
            "layers.1.bias",
            "layers.2.weight",
            "layers.-1.weight",
            "layers.00.weight",
            "__metadata__",
            "",
            "dtype",
            "shape",
            "data_offsets",
            "x".repeat(2_000));

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final RandomGenerator random = Seeds.generator(20_251_009);

    private final byte[] valid = validFile();

    private static byte[] validFile() {
        float[] values = new float[TINY.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i - 7.5f;
        }
        Map<String, String> metadata = Map.of("architecture", "{\"mlp\":{}}", "note", "ä€😀");
        return Safetensors.write(Weights.owning(TINY, values), metadata);
    }

    @Test
    void every_damaged_file_is_read_as_a_network_or_refused_in_one_line_at_the_cost_of_its_length() {
        Map<String, Integer> ends = new TreeMap<>();
        for (int i = 0; i < WARM_UP; i++) {
            end(mutant(), i);
        }

        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = mutant();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            String end = end(mutant, i);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            ends.merge(end, 1, Integer::sum);
            assertThat(allocated)
                    .as("bytes allocated for mutant %d of %d bytes", i, mutant.length)
                    .isLessThan(MOST_SPARE_BYTES + (long) MOST_BYTES_A_BYTE * mutant.length);
        }

        assertThat(ends.get("read")).as("of %s", ends).isGreaterThan(MUTANTS / 50);
        assertThat(ends.get("refused")).as("of %s", ends).isGreaterThan(MUTANTS / 2);
    }

    /** Any exception but the declared one is the test's failure. */
    private static String end(byte[] mutant, int number) {
        SafetensorsFile read;
        try {
            read = Safetensors.read(mutant);
        } catch (SafetensorsException e) {
            requireOneLine(e, number);
            return "refused";
        } catch (RuntimeException | Error e) {
            throw new AssertionError("mutant %d ended in %s".formatted(number, e), e);
        }
        Weights weights = read.weights();
        byte[] again = Safetensors.write(weights, read.metadata());
        if (weights.size() != weights.architecture().parameterCount()
                || !Safetensors.read(again).metadata().equals(read.metadata())
                || Float.BYTES * weights.size() > mutant.length) {
            throw new AssertionError("mutant %d was read as no whole network".formatted(number));
        }
        return "read";
    }

    private static void requireOneLine(SafetensorsException refused, int number) {
        String message = String.valueOf(refused.getMessage());
        if (message.length() > 320
                || !message.startsWith("a safetensors file must ")
                || message.codePoints().anyMatch(Character::isISOControl)
                || message.lines().count() != 1) {
            throw new AssertionError("mutant %d was refused by '%s'".formatted(number, message));
        }
    }

    private byte[] mutant() {
        byte[] bytes = valid.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            bytes = switch (random.nextInt(9)) {
                case 0 -> flipped(bytes);
                case 1 -> cut(bytes);
                case 2 -> lengthened(bytes);
                case 3 -> withLength(bytes);
                case 4 -> withHeader(bytes, lie(header(bytes)));
                case 5 -> withHeader(bytes, renamed(header(bytes)));
                case 6 -> withHeader(bytes, spliced(header(bytes)));
                case 7 -> withHeader(bytes, digits(header(bytes)));
                default -> overwritten(bytes);
            };
        }
        return bytes;
    }

    private byte[] flipped(byte[] bytes) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }

    private byte[] lengthened(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
    }

    private byte[] withLength(byte[] bytes) {
        if (bytes.length >= Long.BYTES) {
            long[] lies = {
                0,
                1,
                -1,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                1 << 20,
                (1 << 20) + 1,
                bytes.length,
                random.nextLong(),
                random.nextInt(bytes.length + 1),
                1L << 32,
                bytes.length - Long.BYTES
            };
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(lies[random.nextInt(lies.length)]);
        }
        return bytes;
    }

    /** Bytes of no meaning, among them what is no UTF-8, over a stretch of the file. */
    private byte[] overwritten(byte[] bytes) {
        if (bytes.length > 8) {
            byte[] noise = new byte[1 + random.nextInt(8)];
            random.nextBytes(noise);
            int at = random.nextInt(bytes.length - noise.length + 1);
            System.arraycopy(noise, 0, bytes, at, noise.length);
        }
        return bytes;
    }

    /** The value of one key becomes something else. */
    private String lie(String json) {
        int colon = nth(json, ':');
        if (colon < 0) {
            return json;
        }
        int end = colon + 1;
        for (int depth = 0; end < json.length(); end++) {
            char at = json.charAt(end);
            depth += at == '[' || at == '{' ? 1 : at == ']' || at == '}' ? -1 : 0;
            if (depth < 0 || (depth == 0 && at == ',')) {
                break;
            }
        }
        return json.substring(0, colon + 1) + LIES.get(random.nextInt(LIES.size())) + json.substring(end);
    }

    /** One key gets another name, often that of a key that is there already. */
    private String renamed(String json) {
        int colon = nth(json, ':');
        int begin = colon < 2 ? -1 : json.lastIndexOf('"', colon - 2);
        if (begin < 0) {
            return json;
        }
        return json.substring(0, begin) + '"' + NAMES.get(random.nextInt(NAMES.size())) + '"' + json.substring(colon);
    }

    /** A stretch is left out, doubled, or moved elsewhere. */
    private String spliced(String json) {
        int from = random.nextInt(json.length() + 1);
        int to = from + random.nextInt(json.length() - from + 1);
        int at = random.nextInt(json.length() + 1);
        return switch (random.nextInt(4)) {
            case 0 -> json.substring(0, from) + json.substring(to);
            case 1 -> json.substring(0, at) + json.substring(from, to) + json.substring(at);
            case 2 -> json + " ".repeat(random.nextInt(64));
            default -> json.substring(0, at) + LIES.get(random.nextInt(LIES.size())) + json.substring(at);
        };
    }

    /** Single digits of shapes and offsets change: what stays well-formed must still be held against the file. */
    private String digits(String json) {
        StringBuilder changed = new StringBuilder(json);
        for (int i = 0; i < changed.length(); i++) {
            if (Character.isDigit(changed.charAt(i)) && random.nextInt(12) == 0) {
                changed.setCharAt(i, (char) ('0' + random.nextInt(10)));
            }
        }
        return changed.toString();
    }

    private int nth(String json, char wanted) {
        int skip = random.nextInt(16);
        int at = json.indexOf(wanted);
        for (int i = 0; i < skip && at >= 0; i++) {
            int next = json.indexOf(wanted, at + 1);
            at = next < 0 ? at : next;
        }
        return at;
    }

    private static String header(byte[] bytes) {
        if (bytes.length < Long.BYTES) {
            return "";
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int there = (int) Math.min(Math.max(length, 0), bytes.length - Long.BYTES);
        return new String(bytes, Long.BYTES, there, StandardCharsets.UTF_8);
    }

    /** The file with another header of the right length: the reader gets past the first check. */
    private static byte[] withHeader(byte[] bytes, String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int dataStart = Math.min(bytes.length, Long.BYTES + header(bytes).getBytes(StandardCharsets.UTF_8).length);
        return ByteBuffer.allocate(Long.BYTES + text.length + bytes.length - dataStart)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(bytes, dataStart, bytes.length - dataStart)
                .array();
    }
}
