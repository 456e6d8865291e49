package org.basinlab.control;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.basinlab.network.Weights;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.training.Trainer;
import org.basinlab.training.TrainingDiverged;
import org.basinlab.training.TrainingWatch;

/**
 * Looks along the networks of one seed that differ in the strength of their L2 penalty, the leaf among them, for the one
 * whose accuracy is nearest the target's. While none counts as equal, it trains another between the first two neighbours of
 * which the weaker penalty gives more and the stronger no more than the target's accuracy, where a straight line over the
 * logarithm of the strength meets it; beyond the strongest if even that gives more. A leaf without a penalty stands for a
 * tenth of the weakest strength there.
 */
final class L2Search {

    static final String COEFFICIENT = "control-coefficient";

    /** How much stronger the next penalty is than the strongest yet. */
    private static final double BEYOND = 3;

    /** No nearer to an end of its interval than this share of it: where the accuracy falls off a cliff, a line misleads. */
    private static final double FROM_END = 0.25;

    private final ControlStep.L2Path step;
    private final ControlData data;
    private final Nearest nearest;
    private final Rising progress;
    /** Accuracy minus the target's, by coefficient. */
    private final TreeMap<Double, Double> differences = new TreeMap<>();

    L2Search(ControlStep.L2Path step, Weights target, ControlData data, Rising progress) {
        this.step = step;
        this.data = data;
        this.progress = progress;
        nearest = new Nearest(target, data.images(), progress);
    }

    /** @param trained with each of the coefficients, in their order */
    ControlNetwork find(Weights leaf, List<Weights> trained) {
        differences.put(penalty(Penalty::l2), nearest.offer(leaf, penalty(Penalty::l2)));
        for (int i = 0; i < trained.size(); i++) {
            double coefficient = step.coefficients().get(i);
            differences.put(coefficient, nearest.offer(trained.get(i), coefficient));
        }
        for (int i = 0; i < step.refinements() && !nearest.isEqual(); i++) {
            Optional<Double> next = next();
            if (next.isEmpty()) {
                break;
            }
            refine(next.get(), i);
        }
        return nearest.found(COEFFICIENT);
    }

    /** The strength to try next; none if no strength can be expected to help. */
    private Optional<Double> next() {
        Optional<Map.Entry<Double, Double>> weaker = Optional.empty();
        for (Map.Entry<Double, Double> stronger : differences.entrySet()) {
            if (weaker.isPresent() && weaker.get().getValue() > 0 && stronger.getValue() <= 0) {
                return Optional.of(between(weaker.get(), stronger));
            }
            weaker = Optional.of(stronger);
        }
        double beyond = differences.lastKey() * BEYOND;
        boolean helps = differences.lastEntry().getValue() > 0 && beyond <= Penalty.MOST;
        return helps ? Optional.of(beyond) : Optional.empty();
    }

    private static double between(Map.Entry<Double, Double> weaker, Map.Entry<Double, Double> stronger) {
        double to = Math.log(stronger.getKey());
        double from = weaker.getKey() > 0 ? Math.log(weaker.getKey()) : to - Math.log(10);
        double share = weaker.getValue() / (weaker.getValue() - stronger.getValue());
        return Math.exp(from + Math.max(FROM_END, Math.min(share, 1 - FROM_END)) * (to - from));
    }

    private void refine(double coefficient, int before) {
        TrainingRecipe recipe = step.training().withPenalty(new Penalty(penalty(Penalty::l1), coefficient));
        Trainer trainer = new Trainer(step.architecture(), recipe);
        TrainingWatch watch = fraction -> progress.at((before + fraction) / step.refinements());
        double difference = nearest.lowestDifference(); // of one that diverges: its penalty is too strong
        try {
            difference = nearest.offer(
                    trainer.train(
                                    data.training(),
                                    data.test(),
                                    step.trainingSeed(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    watch)
                            .weights(),
                    coefficient);
        } catch (TrainingDiverged e) {
            progress.again();
        }
        differences.put(coefficient, difference);
    }

    /** One of the leaf's own penalties, 0 if it has none. */
    private double penalty(ToDoubleFunction<Penalty> of) {
        return step.training().penalty().map(of::applyAsDouble).orElse(0.0);
    }
}
