package org.basinlab.training;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.network.ArrayExamples;
import org.basinlab.network.Initialisation;
import org.basinlab.network.ReferenceMlp;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.Optimiser;
import org.basinlab.recipe.Penalty;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.TrainingRecipe;

/** Training in plain float64 loops, written from the definitions of the papers. */
final class ReferenceTraining {

    private final ReferenceMlp network;
    private final TrainingRecipe recipe;
    private final double[] first;
    private final double[] second;
    private int steps;

    private ReferenceTraining(ReferenceMlp network, TrainingRecipe recipe) {
        this.network = network;
        this.recipe = recipe;
        first = new double[network.theta().length];
        second = new double[network.theta().length];
    }

    /** Training loss and test loss of every epoch. */
    static List<double[]> losses(
            Architecture.Mlp architecture, TrainingRecipe recipe, ArrayExamples train, ArrayExamples test, long seed) {
        ReferenceMlp network = new ReferenceMlp(Initialisation.pytorch(architecture, Seeds.derive(seed, "init")));
        ReferenceTraining training = new ReferenceTraining(network, recipe);
        List<double[]> losses = new ArrayList<>();
        for (int epoch = 1; epoch <= recipe.epochs(); epoch++) {
            int[] order = Seeds.shuffled(train.count(), Seeds.generator(Seeds.derive(seed, "shuffle", epoch)));
            int steps = (order.length + recipe.batch() - 1) / recipe.batch();
            double sum = 0;
            for (int from = 0; from < order.length; from += recipe.batch()) {
                int images = Math.min(recipe.batch(), order.length - from);
                double[] gradient = new double[training.first.length];
                sum += images * network.lossAndGradient(train, order, from, images, gradient);
                training.step(gradient, recipe.learningRate(epoch - 1, from / recipe.batch(), steps));
            }
            losses.add(new double[] {sum / order.length, network.loss(test)});
        }
        return losses;
    }

    private void step(double[] gradient, double rate) {
        steps++;
        double[] theta = network.theta();
        for (int i = 0; i < gradient.length; i++) {
            double g = gradient[i];
            if (recipe.penalty().isPresent()) {
                Penalty penalty = recipe.penalty().get();
                g += penalty.l1() * Math.signum(theta[i]) + penalty.l2() * theta[i];
            }
            if (recipe.optimiser() instanceof Optimiser.Adam adam) {
                adam(adam, i, g, rate);
            } else if (recipe.optimiser() instanceof Optimiser.AdamW decoupled) {
                theta[i] -= rate * decoupled.weightDecay() * theta[i];
                adam(decoupled.adam(), i, g, rate);
            } else if (recipe.optimiser() instanceof Optimiser.Sgd sgd) {
                first[i] = sgd.momentum() * first[i] + g;
                theta[i] -= rate * (sgd.nesterov() ? g + sgd.momentum() * first[i] : first[i]);
            }
        }
    }

    private void adam(Optimiser.Adam adam, int i, double gradient, double rate) {
        first[i] = adam.beta1() * first[i] + (1 - adam.beta1()) * gradient;
        second[i] = adam.beta2() * second[i] + (1 - adam.beta2()) * gradient * gradient;
        double mean = first[i] / (1 - Math.pow(adam.beta1(), steps));
        double square = second[i] / (1 - Math.pow(adam.beta2(), steps));
        network.theta()[i] -= rate * mean / (Math.sqrt(square) + adam.epsilon());
    }
}
