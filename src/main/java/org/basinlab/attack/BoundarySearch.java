package org.basinlab.attack;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Progress;

/**
 * DeepFool's iterations on one batch after another. In each, every image that still has the class that it began with walks
 * to the nearest of the boundaries to other classes, as they lie if the network were linear; the place that is looked at is
 * the way so far times one plus the overshoot.
 */
final class BoundarySearch {

    private final MetricRequest.DeepFool request;
    private final NormalisedImages images;
    private final BoundaryWalk walk;
    private final int classes;
    private final float[] distances;
    private final BitSet correct = new BitSet();
    private int withoutGradient;

    private final int[] order;
    private int from;
    /** The places of images that still walk, and how many they are. */
    private final int[] places;

    private int rows;
    /** The class that each place began with. */
    private final int[] home;

    private final double[] norms;
    private final float[] row;

    BoundarySearch(MetricRequest.DeepFool request, NormalisedImages images, BoundaryWalk walk, int classes) {
        this.request = request;
        this.images = images;
        this.walk = walk;
        this.classes = classes;
        int most = walk.mostImages();
        distances = new float[images.count()];
        Arrays.fill(distances, Float.NaN);
        order = Answering.inOrder(images.count());
        places = new int[most];
        home = new int[most];
        norms = new double[most * (classes - 1)];
        row = new float[classes];
    }

    void run(Progress progress) {
        for (from = 0; from < order.length; from += walk.mostImages()) {
            int count = Math.min(walk.mostImages(), order.length - from);
            walk.begin(order, from, count);
            double began = (double) from / order.length;
            double share = (double) count / order.length;
            batch(count, fraction -> progress.at(began + share * fraction));
        }
    }

    private void batch(int count, Progress progress) {
        rows = count;
        for (int i = 0; i < count; i++) {
            places[i] = i;
        }
        float reach = (float) (1 + request.overshoot());
        FloatBuffer logits = walk.logits(places, rows, reach);
        int ran = rows;
        beginAtHome(logits);
        for (int i = 0; i < request.iterations() && rows > 0; i++) {
            if (rows < ran) {
                logits = walk.logits(places, rows, reach); // without those that arrived
            }
            step(logits);
            ran = rows;
            if (rows > 0) {
                logits = walk.logits(places, rows, reach);
                leaveOutThoseThatArrived(logits);
            }
            progress.at((i + 1.0) / request.iterations());
        }
        progress.at(1);
    }

    private void beginAtHome(FloatBuffer logits) {
        int ran = rows;
        rows = 0;
        for (int i = 0; i < ran; i++) {
            logits.get(i * classes, row);
            home[i] = Answering.predicted(row);
            correct.set(from + i, home[i] == images.label(order[from + i]));
            if (home[i] >= 0) {
                places[rows++] = i;
            }
        }
    }

    private void leaveOutThoseThatArrived(FloatBuffer logits) {
        int ran = rows;
        rows = 0;
        for (int i = 0; i < ran; i++) {
            logits.get(i * classes, row);
            int found = Answering.predicted(row);
            if (found == home[places[i]]) {
                places[rows++] = places[i];
            } else if (found >= 0) {
                arrive(places[i]);
            }
        }
    }

    private void arrive(int place) {
        distances[from + place] = (float) ((1 + request.overshoot()) * walk.distance(place));
    }

    private void step(FloatBuffer logits) {
        FloatBuffer into = walk.logitGradients(rows, classes - 1);
        Arrays.fill(row, 0);
        for (int block = 0; block < classes - 1; block++) {
            for (int i = 0; i < rows; i++) {
                int own = home[places[i]];
                int other = other(own, block);
                row[other] = 1;
                row[own] = -1;
                into.put((block * rows + i) * classes, row);
                row[other] = 0;
                row[own] = 0;
            }
        }
        walk.gradients(places, rows, classes - 1, norms);
        int ran = rows;
        rows = 0;
        for (int i = 0; i < ran; i++) {
            logits.get(i * classes, row);
            if (walkToNearest(i, ran)) {
                places[rows++] = places[i];
            }
        }
    }

    /** The class of a block: all but an image's own, ascending. */
    private static int other(int own, int block) {
        return block < own ? block : block + 1;
    }

    /** Whether the image of a row, whose logits are in {@link #row}, walked and has not arrived yet. */
    private boolean walkToNearest(int i, int ran) {
        int own = home[places[i]];
        int nearest = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int block = 0; block < classes - 1; block++) {
            double norm = norms[block * ran + i];
            double ratio = Math.abs((double) row[other(own, block)] - row[own]) / norm;
            if (norm > 0 && norm < Double.POSITIVE_INFINITY && ratio < least) {
                least = ratio;
                nearest = block;
            }
        }
        if (nearest < 0) {
            withoutGradient++;
            return false;
        }
        if (least == 0) { // it lies on the boundary
            arrive(places[i]);
            return false;
        }
        walk.step(places[i], nearest * ran + i, least, norms[nearest * ran + i]);
        return true;
    }

    /** Of each image; NaN where no other class was found. */
    float[] distances() {
        return distances;
    }

    /** Images whose class at the beginning was their label. */
    BitSet correct() {
        return correct;
    }

    /** Images that stopped where no class's gradient differs from that of their own. */
    int withoutGradient() {
        return withoutGradient;
    }
}
