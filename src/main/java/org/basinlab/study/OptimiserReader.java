package org.basinlab.study;

import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;

/** Reads {@code optimiser}: which rule changes the weights, with its constants. */
final class OptimiserReader {

    private static final Keys OPTIMISERS = Keys.of("an optimiser", "sgd", "adam", "adamw");
    private static final Keys SGD = Keys.of("sgd", "learningRate", "momentum", "nesterov");
    private static final Keys ADAM = Keys.of("adam", "learningRate", "beta1", "beta2", "epsilon");
    private static final Keys ADAMW = Keys.of("adamw", "learningRate", "beta1", "beta2", "epsilon", "weightDecay");

    private OptimiserReader() {}

    static Optimiser read(Value value) {
        Section choice = value.oneOf(OPTIMISERS);
        return choice.find("sgd")
                .map(sgd -> sgd(sgd.section(SGD)))
                .or(() -> choice.find("adam").map(adam -> adam(adam.section(ADAM))))
                .orElseGet(() -> adamW(choice.get("adamw").section(ADAMW)));
    }

    private static Optimiser sgd(Section sgd) {
        double rate = learningRate(sgd);
        double momentum = sgd.find("momentum").map(OptimiserReader::share).orElse(0.0);
        boolean nesterov = sgd.find("nesterov").map(Value::truth).orElse(false);
        if (nesterov && momentum == 0) {
            throw sgd.get("nesterov").refuse("must be false unless the momentum is above 0, was true");
        }
        return new Optimiser.Sgd(rate, momentum, nesterov);
    }

    private static Optimiser.Adam adam(Section adam) {
        Optimiser.Adam usual = Optimiser.Adam.withDefaults(learningRate(adam));
        return new Optimiser.Adam(
                usual.learningRate(),
                adam.find("beta1").map(OptimiserReader::share).orElse(usual.beta1()),
                adam.find("beta2").map(OptimiserReader::share).orElse(usual.beta2()),
                adam.find("epsilon")
                        .map(value -> value.number("(0, 1]", epsilon -> epsilon > 0 && epsilon <= 1))
                        .orElse(usual.epsilon()));
    }

    private static Optimiser adamW(Section adamW) {
        return new Optimiser.AdamW(
                adam(adamW),
                adamW.find("weightDecay")
                        .map(value -> value.number("[0, 10]", decay -> decay >= 0 && decay <= Penalty.MOST))
                        .orElse(Optimiser.AdamW.USUAL_WEIGHT_DECAY));
    }

    private static double learningRate(Section optimiser) {
        return optimiser.get("learningRate").number("(0, 100]", rate -> rate > 0 && rate <= 100);
    }

    /** What is kept of a running mean at each step. */
    private static double share(Value value) {
        return value.number("[0, 1)", share -> share >= 0 && share < 1);
    }
}
