package org.basinlab.matching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TensorShape;

/** Networks for tests: those of {@code reference/mlp}, and random ones. */
public final class ReferenceNetworks {

    /** The architecture of the files. */
    public static final Architecture.Mlp TRAINED = new Architecture.Mlp(3072, List.of(48, 48, 24), 10);

    private ReferenceNetworks() {}

    /** {@code seed0} … {@code seed3} or {@code seed0-permuted}. */
    public static Weights read(String name) {
        try (InputStream in = resource(name + ".safetensors")) {
            ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            int header = Math.toIntExact(file.getLong());
            JsonNode tensors = new ObjectMapper().readTree(new String(file.array(), 8, header, StandardCharsets.UTF_8));
            float[] values = new float[TRAINED.parameterCount()];
            for (TensorShape shape : TRAINED.tensors()) {
                file.position(8
                        + header
                        + tensors.at("/" + shape.name() + "/data_offsets/0").intValue());
                file.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, shape.offset(), shape.size());
            }
            return Weights.owning(TRAINED, values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The numbers that belong to the files. */
    public static JsonNode expected() {
        try (InputStream in = resource("expected.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gaussian weights, scaled by one over the square root of a layer's inputs. */
    public static Weights random(Architecture architecture, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        float[] values = new float[architecture.parameterCount()];
        for (TensorShape shape : architecture.tensors()) {
            int inputs = shape.axes().get(shape.axes().size() - 1);
            for (int i = 0; i < shape.size(); i++) {
                values[shape.offset() + i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
            }
        }
        return Weights.owning(architecture, values);
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(ReferenceNetworks.class.getResourceAsStream("/reference/mlp/" + file), file);
    }
}
