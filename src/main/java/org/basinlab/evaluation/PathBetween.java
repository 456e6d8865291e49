package org.basinlab.evaluation;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.basinlab.network.BatchNormStatistics;
import org.basinlab.network.CrossEntropy;
import org.basinlab.network.Examples;
import org.basinlab.network.Segment;
import org.basinlab.network.Tally;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Progress;

/** Scores of networks (1−λ)·A + λ·B; perceptrons share what the first layers of A and B make of the examples. */
final class PathBetween {

    /** What is kept of the first layer of either network takes at most 64 MiB, if one batch does. */
    private static final int MOST_KEPT = 1 << 24;

    /** Work of the first layers of a batch, in batches of one point; for progress only. */
    private static final double WORK_OF_FIRST = 5;

    private final Weights a;
    private final Weights b;
    private final List<Double> lambdas;
    private final Tally[] tallies;

    PathBetween(Weights a, Weights b, List<Double> lambdas) {
        this.a = a;
        this.b = b;
        this.lambdas = lambdas;
        tallies = new Tally[lambdas.size()];
        Arrays.fill(tallies, Tally.NONE);
    }

    /** One for each λ; examples in their order, {@link Tally#BATCH} at a time. Runs once. */
    List<Score> scores(Examples examples, Progress progress) {
        return a.architecture() instanceof Architecture.Mlp
                ? sharing(examples, progress)
                : oneByOne(examples, progress);
    }

    private List<Score> oneByOne(Examples examples, Progress progress) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < lambdas.size(); i++) {
            Progress within = part(progress, (double) i / lambdas.size(), 1.0 / lambdas.size());
            scores.add(Score.of(point(lambdas.get(i)), examples, within));
        }
        return scores;
    }

    private List<Score> sharing(Examples examples, Progress progress) {
        int count = examples.count();
        int batch = Math.min(Tally.BATCH, count);
        try (Segment firstA = Segment.first(a, batch);
                Segment firstB = Segment.first(b, batch)) {
            int width = firstA.outputs();
            int most = Math.max(1, MOST_KEPT / (batch * width)) * batch; // whole batches: bits depend on their size
            for (int from = 0; from < count; from += most) {
                int images = Math.min(most, count - from);
                Progress within = part(progress, (double) from / count, (double) images / count);
                Hidden hidden = new Hidden(width, images, from, examples);
                double share = WORK_OF_FIRST / (WORK_OF_FIRST + lambdas.size());
                hidden.fill(firstA, firstB, batch, part(within, 0, share));
                for (int i = 0; i < lambdas.size(); i++) {
                    double each = (1 - share) / lambdas.size();
                    tallies[i] = hidden.add(lambdas.get(i), tallies[i], batch, part(within, share + i * each, each));
                }
            }
        }
        List<Score> scores = new ArrayList<>();
        for (Tally tally : tallies) {
            scores.add(new Score(tally.accuracy(), tally.loss(), tally.images()));
        }
        return scores;
    }

    /** The same of networks with BatchNorm, whose points share nothing: the statistics of each are estimated anew. */
    List<Score> scoresOfEstimated(Examples examples, Examples training, Progress progress) {
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < lambdas.size(); i++) {
            Progress part = part(progress, (double) i / lambdas.size(), 1.0 / lambdas.size());
            Weights point = BatchNormStatistics.estimated(point(lambdas.get(i)), training, part(part, 0, 0.5));
            scores.add(Score.of(point, examples, part(part, 0.5, 0.5)));
        }
        return scores;
    }

    private static Progress part(Progress progress, double from, double share) {
        return fraction -> progress.at(Math.min(1, from + fraction * share));
    }

    /** What the first layers make of neighbouring examples, before their rectifiers. */
    private final class Hidden {

        private final int width;
        private final int images;
        private final int from;
        private final Examples examples;
        private final float[] ofA;
        private final float[] ofB;

        private Hidden(int width, int images, int from, Examples examples) {
            this.width = width;
            this.images = images;
            this.from = from;
            this.examples = examples;
            ofA = new float[images * width];
            ofB = new float[images * width];
        }

        private void fill(Segment firstA, Segment firstB, int batch, Progress progress) {
            int[] order = new int[images];
            Arrays.setAll(order, i -> from + i);
            for (int at = 0; at < images; at += batch) {
                int rows = Math.min(batch, images - at);
                FloatBuffer inputs = firstA.inputs(rows);
                examples.fill(order, at, rows, inputs.duplicate());
                firstB.inputs(rows).put(inputs);
                firstA.run(rows);
                firstB.run(rows);
                firstA.outputs(rows).get(0, ofA, at * width, rows * width);
                firstB.outputs(rows).get(0, ofB, at * width, rows * width);
                progress.at((double) (at + rows) / images);
            }
        }

        /** What was counted before and these examples at one point. */
        private Tally add(double lambda, Tally before, int batch, Progress progress) {
            if (a.architecture().tensors().size() == 2) {
                return addLinear(lambda, before, batch, progress);
            }
            Tally tally = before;
            float[] rectified = new float[Math.min(batch, images) * width];
            try (Segment rest = Segment.afterFirst(point(lambda), batch)) {
                for (int at = 0; at < images; at += batch) {
                    int rows = Math.min(batch, images - at);
                    for (int i = 0; i < rows * width; i++) {
                        double value = (1 - lambda) * ofA[at * width + i] + lambda * ofB[at * width + i];
                        rectified[i] = (float) Math.max(value, 0);
                    }
                    rest.inputs(rows).put(0, rectified, 0, rows * width);
                    rest.run(rows);
                    tally = tally.plus(CrossEntropy.of(rest.outputs(rows), labels(at, rows), rows));
                    progress.at((double) (at + rows) / images);
                }
            }
            return tally;
        }

        /** Of networks without a hidden layer, whose first layer gives the logits. */
        private Tally addLinear(double lambda, Tally before, int batch, Progress progress) {
            Tally tally = before;
            for (int at = 0; at < images; at += batch) {
                int rows = Math.min(batch, images - at);
                FloatBuffer logits = FloatBuffer.allocate(rows * width);
                for (int i = 0; i < rows * width; i++) {
                    logits.put(i, (float) ((1 - lambda) * ofA[at * width + i] + lambda * ofB[at * width + i]));
                }
                tally = tally.plus(CrossEntropy.of(logits, labels(at, rows), rows));
                progress.at((double) (at + rows) / images);
            }
            return tally;
        }

        private int[] labels(int at, int rows) {
            int[] labels = new int[rows];
            Arrays.setAll(labels, i -> examples.label(from + at + i));
            return labels;
        }
    }

    private Weights point(double lambda) {
        float[] values = a.copy();
        FloatBuffer second = b.flat();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((1 - lambda) * values[i] + lambda * second.get(i));
        }
        return Weights.owning(a.architecture(), values);
    }
}
