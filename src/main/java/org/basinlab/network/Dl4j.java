package org.basinlab.network;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.TensorShape;

/**
 * Deeplearning4j's archives of a {@code MultiLayerNetwork}, as its {@code ModelSerializer} writes them: a ZIP file with
 * {@code configuration.json} and {@code coefficients.bin}. We read and write them ourselves, so that a file of a stranger
 * can make no object but numbers, and the program carries no second framework; the tests hold both ways against the original.
 *
 * @see <a href="https://deeplearning4j.konduit.ai/deeplearning4j/how-to-guides/modelserializer">ModelSerializer</a>
 */
public final class Dl4j {

    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    /** An entry of ours, which Deeplearning4j passes over. */
    private static final String METADATA = "basinlab.json";

    private static final int LONGEST_TEXT = 1 << 22;
    private static final int MOST_ENTRIES = 1_000;
    /** Weights hardly shrink; what shrinks more than so many times is made to fill somebody's memory. */
    private static final int MOST_SHRUNK = 100;

    private Dl4j() {}

    /** Whether these are the first bytes of a ZIP file. */
    public static boolean isArchive(byte[] file) {
        return file.length >= 4 && file[0] == 'P' && file[1] == 'K' && file[2] == 3 && file[3] == 4;
    }

    /**
     * Reads the network, in memory that goes with the length of the file. The archive's network takes rows of pixels or images, channels first; what a normaliser in the
     * archive would do to them is left to the data set.
     *
     * @throws Dl4jException if it is no such archive, or its layers form none of our architectures
     */
    public static Dl4jFile read(byte[] file) {
        byte[] json = entry(file, CONFIGURATION)
                .orElseThrow(() -> Dl4jException.malformed("must hold " + CONFIGURATION + ", it does not"));
        Dl4jConfiguration configuration = Dl4jConfiguration.read(json);
        Architecture architecture = Dl4jArchitecture.of(configuration);
        int values = configuration.steps().stream().mapToInt(Dl4jStep::values).reduce(0, Math::addExact);
        if ((long) values * Float.BYTES > (long) MOST_SHRUNK * file.length) {
            throw Dl4jException.malformed(
                    "must hold the %d coefficients of its layers, its %d bytes cannot".formatted(values, file.length));
        }
        float[] stored = coefficients(file, values);
        return new Dl4jFile(
                Weights.owning(architecture, placed(architecture, configuration.steps(), stored)), metadata(file));
    }

    /**
     * Passes where {@link #write} can write such a network.
     *
     * @throws Dl4jException if a {@code MultiLayerNetwork} cannot be one
     */
    public static void requireWritable(Architecture architecture) {
        Dl4jLayers.of(architecture);
    }

    /**
     * The bytes of an archive; equal arguments give equal bytes.
     *
     * @param metadata texts that Deeplearning4j passes over and {@link #read} gives back
     * @throws Dl4jException if a {@code MultiLayerNetwork} cannot be such a network
     */
    public static byte[] write(Weights weights, Map<String, String> metadata) {
        String configuration = Dl4jLayers.of(weights.architecture());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ByteArrayOutputStream coefficients = new ByteArrayOutputStream();
            Dl4jValues.write(new DataOutputStream(coefficients), vector(weights));
            put(zip, CONFIGURATION, configuration.getBytes(StandardCharsets.UTF_8));
            put(zip, COEFFICIENTS, coefficients.toByteArray());
            if (!metadata.isEmpty()) {
                String texts = CanonicalJson.write(new TreeMap<>(metadata));
                put(zip, METADATA, texts.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return bytes.toByteArray();
    }

    /** Not compressed: how well that is done differs from Java to Java. */
    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static Map<String, String> metadata(byte[] file) {
        Optional<byte[]> json = entry(file, METADATA);
        if (json.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new TreeMap<>();
        try {
            Map<?, ?> read = CanonicalJson.read(new String(json.get(), StandardCharsets.UTF_8), Map.class);
            read.forEach((key, text) -> {
                if (!(text instanceof String words)) {
                    throw Dl4jException.malformed("must have texts in %s, '%s' is none".formatted(METADATA, key));
                }
                texts.put(String.valueOf(key), words);
            });
        } catch (Dl4jException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw Dl4jException.malformed("must have JSON in %s: %s".formatted(METADATA, e.getMessage()));
        }
        return texts;
    }

    /** One entry, no longer than texts are. */
    private static Optional<byte[]> entry(byte[] file, String name) {
        return inside(file, name, stream -> {
            byte[] text = stream.readNBytes(LONGEST_TEXT + 1);
            if (text.length > LONGEST_TEXT) {
                throw Dl4jException.malformed(
                        "must have at most %d bytes in %s, has more".formatted(LONGEST_TEXT, name));
            }
            return text;
        });
    }

    private static float[] coefficients(byte[] file, int wanted) {
        return inside(file, COEFFICIENTS, stream -> Dl4jValues.read(stream, wanted))
                .orElseThrow(() -> Dl4jException.malformed("must hold " + COEFFICIENTS + ", it does not"));
    }

    /** Reads an entry's content. */
    private interface Reading<T> {
        T of(InputStream stream) throws IOException;
    }

    private static <T> Optional<T> inside(byte[] file, String name, Reading<T> reading) {
        Set<String> seen = new HashSet<>();
        Optional<T> found = Optional.empty();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!seen.add(entry.getName()) || seen.size() > MOST_ENTRIES) {
                    throw Dl4jException.malformed("must hold at most %d entries, each once".formatted(MOST_ENTRIES));
                }
                if (entry.getName().equals(name)) {
                    found = Optional.of(reading.of(zip));
                    break;
                }
            }
            return found;
        } catch (EOFException e) {
            throw Dl4jException.malformed("must hold all of %s, it ends before".formatted(name));
        } catch (ZipException e) {
            throw Dl4jException.malformed("must be a whole ZIP file: " + e.getMessage());
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof Dl4jException known) {
                throw known;
            }
            throw Dl4jException.malformed("must be a whole ZIP file: " + e.getMessage());
        }
    }

    /** The values of a vector of Deeplearning4j where our tensors have them. */
    private static float[] placed(Architecture architecture, List<Dl4jStep> steps, float[] stored) {
        float[] flat = new float[architecture.parameterCount()];
        Graph graph = architecture.graph();
        int at = 0;
        int next = 0;
        for (int node : Dl4jStep.of(graph).keySet()) {
            Operation operation = graph.node(node).operation();
            Dl4jStep step = steps.get(next++);
            for (Dl4jStep.Stored part : step.stored()) {
                TensorShape tensor = Dl4jStep.tensor(operation, part.place());
                for (int i = 0; i < part.size(); i++) {
                    float value = stored[at++];
                    flat[tensor.offset() + i] = part.isLogDeviation() ? (float) Math.pow(10, 2.0 * value) : value;
                }
            }
            step.constants().forEach((place, value) -> {
                TensorShape tensor = Dl4jStep.tensor(operation, place);
                Arrays.fill(flat, tensor.offset(), tensor.offset() + tensor.size(), value);
            });
        }
        return flat;
    }

    private static float[] vector(Weights weights) {
        Graph graph = weights.architecture().graph();
        Map<Integer, Dl4jStep> steps = Dl4jStep.of(graph);
        float[] vector =
                new float[steps.values().stream().mapToInt(Dl4jStep::values).sum()];
        int at = 0;
        for (Map.Entry<Integer, Dl4jStep> entry : steps.entrySet()) {
            Operation operation = graph.node(entry.getKey()).operation();
            for (Dl4jStep.Stored part : entry.getValue().stored()) {
                float[] values = weights.tensor(Dl4jStep.tensor(operation, part.place()));
                System.arraycopy(values, 0, vector, at, values.length);
                at += values.length;
            }
        }
        return vector;
    }
}
