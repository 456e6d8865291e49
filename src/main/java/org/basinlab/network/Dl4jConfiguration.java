package org.basinlab.network;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.basinlab.recipe.Norm;

/** What {@code configuration.json} of a {@code MultiLayerNetwork} says, as steps; read as a tree, no class of its is made. */
final class Dl4jConfiguration {

    private static final String LAYERS = "org.deeplearning4j.nn.conf.layers.";
    private static final int MOST_LAYERS = 1_000;
    private static final int LARGEST_WIDTH = 1_000_000;
    private static final double SAME = 1e-9;

    private static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(40)
                            .build())
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .build();

    private final JsonNode root;
    private final List<Dl4jStep> steps = new ArrayList<>();
    private boolean ended;

    private Dl4jConfiguration(JsonNode root) {
        this.root = root;
    }

    /** @throws Dl4jException if it is no chain of layers that an architecture of ours has */
    static Dl4jConfiguration read(byte[] json) {
        Dl4jConfiguration configuration = new Dl4jConfiguration(parse(json));
        JsonNode confs = configuration.root.path("confs");
        if (!confs.isArray() || confs.isEmpty() || confs.size() > MOST_LAYERS) {
            throw Dl4jException.malformed(
                    configuration.root.has("vertices")
                            ? "must hold a MultiLayerNetwork, holds a ComputationGraph"
                            : "must hold the layers of a MultiLayerNetwork, 1 to %d confs".formatted(MOST_LAYERS));
        }
        for (int i = 0; i < confs.size(); i++) {
            configuration.add(i, confs.get(i).path("layer"));
        }
        configuration.requirePreProcessors();
        return configuration;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw Dl4jException.malformed("must have JSON in configuration.json: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Dl4jException.malformed("must have JSON in configuration.json: " + e.getMessage());
        }
    }

    List<Dl4jStep> steps() {
        return steps;
    }

    /** Channels, height and width that the rows of inputs are cut into; absent where they come as images. */
    Optional<int[]> inputImage() {
        JsonNode first = root.path("inputPreProcessors").path("0");
        return isOf(first, "FeedForwardToCnnPreProcessor") ? Optional.of(extent(first)) : Optional.empty();
    }

    /** Channels, height and width of what is flattened for the first linear layer; absent where that is not said. */
    Optional<int[]> flattened() {
        for (Map.Entry<String, JsonNode> field : root.path("inputPreProcessors").properties()) {
            if (isOf(field.getValue(), "CnnToFeedForwardPreProcessor")) {
                return Optional.of(extent(field.getValue()));
            }
        }
        return Optional.empty();
    }

    private static int[] extent(JsonNode preProcessor) {
        return new int[] {
            integer(preProcessor, "numChannels"),
            integer(preProcessor, "inputHeight"),
            integer(preProcessor, "inputWidth")
        };
    }

    private static boolean isOf(JsonNode node, String simpleName) {
        return simpleName(node).equals(simpleName);
    }

    private static String simpleName(JsonNode node) {
        String name = node.path("@class").asText("");
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private void requirePreProcessors() {
        for (Map.Entry<String, JsonNode> field : root.path("inputPreProcessors").properties()) {
            JsonNode processor = field.getValue();
            boolean first = isOf(processor, "FeedForwardToCnnPreProcessor")
                    && field.getKey().equals("0");
            if (!first && !isOf(processor, "CnnToFeedForwardPreProcessor")) {
                throw Dl4jException.malformed(
                        "must have no preprocessors but those between images and rows, has %s before layer %s"
                                .formatted(simpleName(processor), field.getKey()));
            }
            if (!processor.path("format").asText("NCHW").equals("NCHW")) {
                throw Dl4jException.malformed("must have its channels first (NCHW), has %s before layer %s"
                        .formatted(processor.path("format"), field.getKey()));
            }
        }
    }

    private void add(int index, JsonNode layer) {
        String name = layer.path("@class").asText("");
        if (!name.startsWith(LAYERS)) {
            throw Dl4jException.malformed("must name the class of layer %d, as versions from 1.0.0-beta on do, has %s"
                    .formatted(index, name.isEmpty() ? "none" : name));
        }
        if (ended) {
            throw Dl4jException.malformed("must end with its output layer, has layer %d after it".formatted(index));
        }
        switch (name.substring(LAYERS.length())) {
            case "DenseLayer" -> linear(index, layer, true);
            case "OutputLayer" -> {
                linear(index, layer, false);
                end(index, layer);
            }
            case "LossLayer" -> end(index, layer);
            case "ConvolutionLayer", "Convolution2D" -> convolution(index, layer);
            case "SubsamplingLayer", "Pooling2D" -> maximum(index, layer);
            case "BatchNormalization" -> normalise(index, layer);
            case "ActivationLayer" -> activation(index, layer);
            case "DropoutLayer" -> {
                // Does nothing outside training.
            }
            default ->
                throw Dl4jException.malformed(
                        "must be a chain of dense, convolution, subsampling, batch normalisation, activation and output layers, layer %d is a %s"
                                .formatted(index, simpleName(layer)));
        }
    }

    private void linear(int index, JsonNode layer, boolean activated) {
        require(index, layer, "hasLayerNorm", value -> !value.asBoolean(false), "no layer normalisation");
        steps.add(Dl4jStep.linear(
                integer(layer, "nin"),
                integer(layer, "nout"),
                layer.path("hasBias").asBoolean(true)));
        if (activated) {
            activation(index, layer);
        }
    }

    private void end(int index, JsonNode layer) {
        String activation = simpleName(layer.path("activationFn"));
        if (!activation.equals("ActivationSoftmax") && !activation.equals("ActivationIdentity")) {
            throw Dl4jException.malformed(
                    "must end in a softmax or in logits, layer %d ends in %s".formatted(index, activation));
        }
        ended = true;
    }

    private void convolution(int index, JsonNode layer) {
        requireFormat(index, layer, "cnn2dDataFormat");
        requirePair(index, layer, "kernelSize", 3);
        requirePair(index, layer, "stride", 1);
        requirePair(index, layer, "dilation", 1);
        if (!layer.path("convolutionMode").asText("").equals("Same")) {
            requirePair(index, layer, "padding", 1);
        }
        steps.add(Dl4jStep.convolution(
                integer(layer, "nin"),
                integer(layer, "nout"),
                layer.path("hasBias").asBoolean(true)));
        activation(index, layer);
    }

    private void maximum(int index, JsonNode layer) {
        requireFormat(index, layer, "cnn2dDataFormat");
        require(index, layer, "poolingType", value -> value.asText().equals("MAX"), "the maximum as pooling");
        require(index, layer, "convolutionMode", value -> !value.asText().equals("Same"), "windows within the image");
        requirePair(index, layer, "kernelSize", 2);
        requirePair(index, layer, "stride", 2);
        requirePair(index, layer, "padding", 0);
        requirePair(index, layer, "dilation", 1);
        steps.add(Dl4jStep.maximum());
    }

    private void normalise(int index, JsonNode layer) {
        requireFormat(index, layer, "cnn2DFormat");
        require(
                index,
                layer,
                "eps",
                value -> Math.abs(value.asDouble() - Norm.EPSILON) < SAME,
                "%s as eps".formatted(Norm.EPSILON));
        Optional<float[]> fixed = layer.path("lockGammaBeta").asBoolean(false)
                ? Optional.of(new float[] {
                    (float) layer.path("gamma").asDouble(1),
                    (float) layer.path("beta").asDouble(0)
                })
                : Optional.empty();
        steps.add(Dl4jStep.normalise(
                integer(layer, "nout"), layer.path("useLogStd").asBoolean(false), fixed));
    }

    /** Batch normalisations have one too, which Deeplearning4j leaves out of their answers. */
    private void activation(int index, JsonNode layer) {
        JsonNode function = layer.path("activationFn");
        String name = simpleName(function);
        if (name.equals("ActivationReLU")) {
            for (String setting : List.of("max", "negativeSlope", "threshold")) {
                if (function.path(setting).asDouble(0) != 0) {
                    throw Dl4jException.malformed("must have plain rectifiers, that of layer %d has %s %s"
                            .formatted(index, setting, function.path(setting)));
                }
            }
            steps.add(Dl4jStep.relu());
        } else if (!name.equals("ActivationIdentity")) {
            throw Dl4jException.malformed(
                    "must have rectifiers as activations, layer %d has %s".formatted(index, name));
        }
    }

    private static void requireFormat(int index, JsonNode layer, String key) {
        require(index, layer, key, value -> value.asText("NCHW").equals("NCHW"), "its channels first (NCHW)");
    }

    private static void requirePair(int index, JsonNode layer, String key, int wanted) {
        require(
                index,
                layer,
                key,
                pair -> pair.size() == 2
                        && pair.path(0).asInt(-1) == wanted
                        && pair.path(1).asInt(-1) == wanted,
                "%s [%d, %d]".formatted(key, wanted, wanted));
    }

    private static void require(int index, JsonNode layer, String key, Predicate<JsonNode> holds, String what) {
        if (!holds.test(layer.path(key))) {
            throw Dl4jException.malformed(
                    "must have %s in layer %d, has %s %s".formatted(what, index, key, layer.path(key)));
        }
    }

    private static int integer(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 1
                || value.intValue() > LARGEST_WIDTH) {
            throw Dl4jException.malformed("must have a whole number in [1, %d] as %s of %s, has %s"
                    .formatted(LARGEST_WIDTH, key, simpleName(node), value));
        }
        return value.intValue();
    }
}
