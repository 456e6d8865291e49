package org.basinlab.control;

import java.util.Map;
import java.util.Optional;
import org.basinlab.evaluation.Score;
import org.basinlab.network.Examples;
import org.basinlab.network.Weights;
import org.basinlab.recipe.ControlStep;

/** Of the networks that a search looks at, the one whose accuracy is nearest the target's; the first of equally near ones. */
final class Nearest {

    /** So near that looking further is not worth its time. */
    static final double CLOSE = ControlStep.EQUAL_ACCURACY / 10;

    private static final String DIFFERENCE = "control-accuracy-difference";

    /** @param place where on the search's way it lies */
    private record Candidate(Weights weights, double difference, double place) {}

    private final Examples images;
    private final Rising progress;
    private final double target;
    private Optional<Candidate> best = Optional.empty();

    /** Measures the target's accuracy on {@code images}. */
    Nearest(Weights target, Examples images, Rising progress) {
        this.images = images;
        this.progress = progress;
        this.target = accuracy(target);
    }

    private double accuracy(Weights weights) {
        return Score.of(weights, images, fraction -> progress.again()).accuracy();
    }

    /** Takes a look at a network; answers its accuracy minus the target's. */
    double offer(Weights weights, double place) {
        double difference = accuracy(weights) - target;
        if (best.isEmpty() || Math.abs(difference) < distance()) {
            best = Optional.of(new Candidate(weights, difference, place));
        }
        return difference;
    }

    /** What a network without a single hit would differ by. */
    double lowestDifference() {
        return -target;
    }

    boolean isClose() {
        return best.isPresent() && distance() <= CLOSE;
    }

    /** Whether one was found whose accuracy counts as equal. */
    boolean isEqual() {
        return best.isPresent() && distance() <= ControlStep.EQUAL_ACCURACY;
    }

    private double distance() {
        return Math.abs(best.orElseThrow().difference);
    }

    /** The nearest; at least one network must have been offered. */
    ControlNetwork found(String nameOfPlace) {
        Candidate candidate = best.orElseThrow();
        return new ControlNetwork(
                candidate.weights, Map.of(DIFFERENCE, candidate.difference, nameOfPlace, candidate.place));
    }
}
