package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.Progress;

/**
 * Loss and accuracy on the line from one network to another, (1−λ)·A + λ·B, and the barriers on it.
 *
 * @param lambdas rising from 0 to 1
 * @param scores one for each λ
 * @see <a href="https://arxiv.org/abs/1912.05671">Frankle et al. 2020, linear mode connectivity</a>
 * @see <a href="https://arxiv.org/abs/2110.06296">Entezari et al. 2022, the barrier above the chord</a>
 */
public record LinearPath(List<Double> lambdas, List<Score> scores) {

    public LinearPath {
        lambdas = List.copyOf(lambdas);
        scores = List.copyOf(scores);
        if (lambdas.size() < 2 || scores.size() != lambdas.size()) {
            throw new IllegalArgumentException("a path needs a score for each of 2 or more λ, had %d for %d"
                    .formatted(scores.size(), lambdas.size()));
        }
    }

    /** Between networks without BatchNorm. */
    public static LinearPath between(Weights a, Weights b, Examples examples, int lambdas, Progress progress) {
        return between(a, b, examples, lambdas, Optional.empty(), progress);
    }

    /**
     * Scores evenly spaced points, λ = i/(n−1). The scores of the ends are those of A and B, bit for bit. Between them the
     * first layer is taken of A and B once for all points, since what it gives is linear in λ as its weights are; the
     * weights of the others are computed in float64 and rounded to float32 once. With the networks of the papers, whose
     * first layer is 70 % of the work, a path of 25 points so takes about half the time of 25 scores. Networks that are no
     * perceptrons are scored one after another.
     *
     * @param lambdas n, at least 2
     * @param training images by which the statistics of BatchNorms are estimated anew at every point between the ends; networks
     *     without them need none
     * @throws IllegalArgumentException if the architectures differ, or the examples do not fit them
     */
    public static LinearPath between(
            Weights a, Weights b, Examples examples, int lambdas, Optional<Examples> training, Progress progress) {
        if (!a.architecture().equals(b.architecture())) {
            throw new IllegalArgumentException("a path needs two networks of one architecture, were %s and %s"
                    .formatted(a.architecture().label(), b.architecture().label()));
        }
        if (lambdas < 2) {
            throw new IllegalArgumentException("a path needs at least 2 points, was asked for " + lambdas);
        }
        List<Double> at = new ArrayList<>();
        for (int i = 0; i < lambdas; i++) {
            at.add((double) i / (lambdas - 1));
        }
        double ends = 1.0 / lambdas;
        List<Score> scores = new ArrayList<>();
        scores.add(Score.of(a, examples, fraction -> progress.at(fraction * ends)));
        if (lambdas > 2) {
            PathBetween between = new PathBetween(a, b, at.subList(1, lambdas - 1));
            Progress inner = fraction -> progress.at(ends + fraction * (1 - 2 * ends));
            scores.addAll(
                    a.architecture().graph().hasBatchNorm()
                            ? between.scoresOfEstimated(examples, required(training), inner)
                            : between.scores(examples, inner));
        }
        scores.add(Score.of(b, examples, fraction -> progress.at(Math.min(1, 1 - ends + fraction * ends))));
        return new LinearPath(at, scores);
    }

    private static Examples required(Optional<Examples> training) {
        return training.orElseThrow(
                () -> new IllegalArgumentException("a path between networks with BatchNorm needs training"
                        + " images, by which their statistics are estimated anew at every point"));
    }

    /** Largest loss minus the mean loss of the ends, nats. */
    public double lossBarrier() {
        return scores.stream().mapToDouble(Score::loss).reduce(Double.NEGATIVE_INFINITY, Math::max)
                - (first().loss() + last().loss()) / 2;
    }

    /** Mean accuracy of the ends minus the smallest accuracy. */
    public double accuracyBarrier() {
        return (first().accuracy() + last().accuracy()) / 2
                - scores.stream().mapToDouble(Score::accuracy).reduce(Double.POSITIVE_INFINITY, Math::min);
    }

    /** Largest rise of the loss above the straight line between those of the ends, nats; at least 0. */
    public double lossBarrierAboveChord() {
        double largest = 0; // that of the ends
        for (int i = 1; i + 1 < scores.size(); i++) {
            double chord = chord(lambdas.get(i), first().loss(), last().loss());
            largest = Math.max(largest, scores.get(i).loss() - chord);
        }
        return largest;
    }

    /** Largest fall of the accuracy below the straight line between those of the ends; at least 0. */
    public double accuracyBarrierBelowChord() {
        double largest = 0; // that of the ends
        for (int i = 1; i + 1 < scores.size(); i++) {
            double chord = chord(lambdas.get(i), first().accuracy(), last().accuracy());
            largest = Math.max(largest, chord - scores.get(i).accuracy());
        }
        return largest;
    }

    private static double chord(double lambda, double from, double to) {
        return (1 - lambda) * from + lambda * to;
    }

    private Score first() {
        return scores.get(0);
    }

    private Score last() {
        return scores.get(scores.size() - 1);
    }
}
