package org.basinlab.matching;

import java.util.Arrays;
import java.util.Set;
import org.basinlab.network.CrossEntropy;
import org.basinlab.network.Examples;
import org.basinlab.network.ForwardPass;
import org.basinlab.network.GraphPass;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.Progress;
import org.basinlab.recipe.TensorShape;

/**
 * The mean loss of networks of one architecture on the same examples. BatchNorms use the mean and variance of each batch:
 * the running ones of a network that was just put together from two are those of neither.
 */
final class MidpointLoss implements AutoCloseable {

    private static final int SMALL_BATCH = 100;

    private final Examples examples;
    private final Graph graph;
    private final Lossy lossy;

    /** What computes it. */
    private interface Lossy extends AutoCloseable {
        double of(Weights weights);

        @Override
        void close();
    }

    MidpointLoss(Architecture architecture, Examples examples) {
        this.examples = examples;
        graph = architecture.graph();
        boolean buffers = !architecture.tensors().stream().allMatch(TensorShape::isParameter);
        lossy = buffers ? new ByBatch() : new Plain(architecture);
    }

    double of(Weights weights) {
        return lossy.of(weights);
    }

    @Override
    public void close() {
        lossy.close();
    }

    private final class Plain implements Lossy {

        private final ForwardPass pass;

        Plain(Architecture architecture) {
            pass = new ForwardPass(architecture, Math.min(Tally.BATCH, examples.count()));
        }

        @Override
        public double of(Weights weights) {
            pass.load(weights);
            Tally tally = Tally.over(pass, examples, Progress.UNWATCHED);
            return tally.lossSum() / tally.images();
        }

        @Override
        public void close() {
            pass.close();
        }
    }

    private final class ByBatch implements Lossy {

        private final int batch = Math.min(SMALL_BATCH, examples.count());
        private final GraphPass pass = new GraphPass(graph, Set.of(), batch);

        @Override
        public double of(Weights weights) {
            pass.load(weights.copy());
            int[] order = new int[examples.count()];
            Arrays.setAll(order, i -> i);
            double sum = 0;
            for (int from = 0; from < order.length; from += batch) {
                int images = Math.min(batch, order.length - from);
                int[] labels = new int[images];
                int first = from;
                Arrays.setAll(labels, i -> examples.label(first + i));
                examples.fill(order, from, images, pass.inputs(images));
                pass.runByBatch(images);
                sum += CrossEntropy.of(pass.output(graph.logits(), images), labels, images)
                        .lossSum();
            }
            return sum / order.length;
        }

        @Override
        public void close() {
            pass.close();
        }
    }
}
