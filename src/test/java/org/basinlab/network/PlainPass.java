package org.basinlab.network;

import org.basinlab.recipe.Graph;

/** Outputs of nodes in float64, for tests of other rooms. */
public final class PlainPass {

    private PlainPass() {}

    /** What every node gives, {@code [images][channels][positions]}; BatchNorms use their running statistics. */
    public static double[][] run(Graph graph, float[] weights, double[] inputs, int images) {
        return ReferencePass.run(graph, weights, inputs, images, ReferencePass.Statistics.RUNNING);
    }

    /** The same, BatchNorms by the mean and variance of the images. */
    public static double[][] runByBatch(Graph graph, float[] weights, double[] inputs, int images) {
        return ReferencePass.run(graph, weights, inputs, images, ReferencePass.Statistics.BATCH);
    }
}
