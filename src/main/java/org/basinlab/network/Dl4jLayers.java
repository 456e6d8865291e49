package org.basinlab.network;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Norm;
import org.basinlab.recipe.Operation;

/**
 * Writes {@code configuration.json}: an architecture as the layers that {@code MultiLayerNetwork} 1.0.0-M2.1 makes it of, with
 * a softmax at the end. What only training asks for (updater, initialisation) has Deeplearning4j's defaults.
 */
final class Dl4jLayers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String CONF = "org.deeplearning4j.nn.conf.";
    private static final String ND4J = "org.nd4j.linalg.";

    private final Graph graph;
    private final ArrayNode confs = JSON.arrayNode();
    private final ObjectNode preProcessors = JSON.objectNode();

    private Dl4jLayers(Graph graph) {
        this.graph = graph;
    }

    /** @throws Dl4jException if it has a step for which there is no layer */
    static String of(Architecture architecture) {
        Dl4jLayers layers = new Dl4jLayers(architecture.graph());
        Map<Integer, Dl4jStep> steps = Dl4jStep.of(layers.graph);
        if (layers.graph.input().positions() > 1) {
            layers.preProcessors.set("0", preProcessor("FeedForwardToCnnPreProcessor", layers.graph.input()));
        }
        List<Integer> order = new ArrayList<>(steps.keySet());
        for (int node : order) {
            layers.add(node);
        }
        return layers.network().toString();
    }

    private void add(int index) {
        Operation operation = graph.node(index).operation();
        if (operation instanceof Operation.Linear linear) {
            Graph.Node before = graph.node(graph.node(index).input());
            boolean image = !preProcessors.isEmpty() && preProcessors.size() == 1 && confs.size() > 0;
            if (image && linearLayers() == 0) {
                preProcessors.set(
                        String.valueOf(confs.size()),
                        preProcessor("CnnToFeedForwardPreProcessor", flattened(before))
                                .put("format", "NCHW"));
            }
            linear(linear, index == graph.logits());
        } else if (operation instanceof Operation.Convolution convolution) {
            convolution(convolution);
        } else if (operation instanceof Operation.Normalise normalise) {
            normalise(normalise.scale().size());
        } else if (operation instanceof Operation.Activate) {
            ObjectNode layer = layer("ActivationLayer", 0);
            layer.set("activationFn", activation("ReLU"));
            conf(layer);
        } else if (operation instanceof Operation.MaxPool pool) {
            maximum(pool.size());
        }
    }

    private long linearLayers() {
        long count = 0;
        for (var conf : confs) {
            count += conf.path("layer").path("@class").asText().endsWith("DenseLayer") ? 1 : 0;
        }
        return count;
    }

    private Extent flattened(Graph.Node before) {
        return before.operation() instanceof Operation.Flatten
                ? graph.node(before.input()).output()
                : before.output();
    }

    private void linear(Operation.Linear linear, boolean last) {
        ObjectNode layer = layer(last ? "OutputLayer" : "DenseLayer", 1);
        layer.set("activationFn", activation(last ? "Softmax" : "Identity"));
        weighted(layer, linear.weight().axes().get(1), linear.weight().axes().get(0));
        layer.put("hasBias", true);
        if (last) {
            layer.set("lossFn", ofClass(ND4J + "lossfunctions.impl.LossMCXENT").put("softmaxClipEps", 1e-10));
        } else {
            layer.put("hasLayerNorm", false);
        }
        conf(layer, "W", "b");
    }

    private void convolution(Operation.Convolution convolution) {
        ObjectNode layer = layer("ConvolutionLayer", 1);
        layer.set("activationFn", activation("Identity"));
        weighted(
                layer,
                convolution.weight().axes().get(1),
                convolution.weight().axes().get(0));
        layer.put("hasBias", true).put("cnn2dDataFormat", "NCHW").put("convolutionMode", "Truncate");
        layer.put("cudnnAlgoMode", "PREFER_FASTEST").put("cudnnAllowFallback", true);
        layer.set("dilation", pair(1));
        layer.set("kernelSize", pair(convolution.kernel()));
        layer.set("padding", pair(convolution.padding()));
        layer.set("stride", pair(convolution.stride()));
        conf(layer, "W", "b");
    }

    private void normalise(int channels) {
        ObjectNode layer = layer("BatchNormalization", 1);
        layer.set("activationFn", activation("Identity"));
        weighted(layer, channels, channels);
        layer.put("beta", 0.0).put("gamma", 1.0).put("cnn2DFormat", "NCHW").put("cudnnAllowFallback", true);
        layer.put("decay", 0.9).put("eps", Norm.EPSILON).put("lockGammaBeta", false);
        layer.put("minibatch", true).put("useLogStd", false);
        conf(layer, "gamma", "beta", "mean", "var");
    }

    private void maximum(int size) {
        ObjectNode layer = layer("SubsamplingLayer", 0);
        layer.put("avgPoolIncludePadInDivisor", false).put("cnn2dDataFormat", "NCHW");
        layer.put("convolutionMode", "Truncate").put("cudnnAllowFallback", true).put("eps", 1e-8);
        layer.put("pnorm", 0).put("poolingType", "MAX");
        layer.set("dilation", pair(1));
        layer.set("kernelSize", pair(size));
        layer.set("padding", pair(0));
        layer.set("stride", pair(size));
        conf(layer);
    }

    private ObjectNode layer(String name, int threshold) {
        ObjectNode layer = ofClass(CONF + "layers." + name);
        layer.put("layerName", "layer" + confs.size());
        layer.put("gradientNormalization", "None").put("gradientNormalizationThreshold", (double) threshold);
        layer.putNull("constraints").putNull("idropout");
        return layer;
    }

    private static void weighted(ObjectNode layer, int in, int out) {
        layer.put("nin", in).put("nout", out).put("biasInit", 0.0).put("gainInit", 1.0);
        layer.putNull("biasUpdater").putNull("timeDistributedFormat").putNull("weightNoise");
        layer.set("iupdater", ofClass(ND4J + "learning.config.Sgd").put("learningRate", 0.001));
        layer.set("regularization", JSON.arrayNode());
        layer.set("regularizationBias", JSON.arrayNode());
        layer.set("weightInitFn", ofClass("org.deeplearning4j.nn.weights.WeightInitXavier"));
    }

    private void conf(ObjectNode layer, String... variables) {
        ObjectNode conf = JSON.objectNode();
        conf.put("cacheMode", "NONE")
                .put("dataType", "FLOAT")
                .put("epochCount", 0)
                .put("iterationCount", 0);
        conf.set("layer", layer);
        conf.put("maxNumLineSearchIterations", 5).put("miniBatch", true).put("minimize", true);
        conf.put("optimizationAlgo", "STOCHASTIC_GRADIENT_DESCENT")
                .put("seed", 0)
                .putNull("stepFunction");
        ArrayNode names = conf.putArray("variables");
        List.of(variables).forEach(names::add);
        confs.add(conf);
    }

    private ObjectNode network() {
        ObjectNode network = JSON.objectNode();
        network.put("backpropType", "Standard").put("cacheMode", "NONE");
        network.set("confs", confs);
        network.put("dataType", "FLOAT").put("epochCount", 0).put("inferenceWorkspaceMode", "ENABLED");
        network.set("inputPreProcessors", preProcessors);
        network.put("iterationCount", 0).put("tbpttBackLength", 20).put("tbpttFwdLength", 20);
        return network.put("trainingWorkspaceMode", "ENABLED").put("validateOutputLayerConfig", true);
    }

    private static ObjectNode activation(String name) {
        return ofClass(ND4J + "activations.impl.Activation" + name);
    }

    private static ObjectNode preProcessor(String name, Extent extent) {
        return ofClass(CONF + "preprocessor." + name)
                .put("inputHeight", extent.height())
                .put("inputWidth", extent.width())
                .put("numChannels", extent.channels());
    }

    private static ObjectNode ofClass(String name) {
        return JSON.objectNode().put("@class", name);
    }

    private static ArrayNode pair(int value) {
        return JSON.arrayNode().add(value).add(value);
    }
}
