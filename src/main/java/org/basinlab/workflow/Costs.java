package org.basinlab.workflow;

import java.util.Optional;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.ControlStep;
import org.basinlab.recipe.Graph;
import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Matching;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.Operation;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.TensorShape;
import org.basinlab.recipe.TrainingRecipe;
import org.basinlab.recipe.VectorNorm;

/**
 * Rough numbers of floating-point operations, for estimates of time: right within a small factor, which is as much as the
 * number of sweeps and rounds of a matching is known beforehand.
 */
final class Costs {

    /** Sweeps over the layers until weight matching stops moving; 17 to 42 were seen, it may take up to 100. */
    private static final int SWEEPS = 25;

    /** What is left of a sweep's work where it only follows what moved since the one before; measured over whole matchings. */
    private static final double FOLLOWED = 0.25;

    /** The same in MergeMany, where most of the way is gone in the first round: 4 to 6 on average. */
    private static final int SWEEPS_OF_MANY = 6;

    /** Rounds of MergeMany until it converges; 17 to 60 were seen. */
    private static final int ROUNDS = 25;

    /** Iterations of Frank and Wolfe until the objective of C2M3 stands still. */
    private static final int ITERATIONS = 25;

    /** Moves of DeepFool until an image's class changes: 2 to 5. */
    private static final int MOVES = 4;

    /** A draw from a normal distribution takes the time of so many operations of a product of matrices. */
    private static final int DRAW = 1_000;

    /** Eigenvalues of an n × n matrix: 4/3 n³ operations, which run a good deal slower than a product's. */
    private static final int EIGENVALUES = 10;

    /** Looks at a network until its accuracy is a target's. */
    private static final int LOOKS = 20;

    private final double parameters;
    private final KnownDataset dataset;
    private final double operations;
    private final boolean perceptron;
    private final Graph graph;
    private final double matching;

    /** Linear layers and convolutions. */
    private final long layers;

    Costs(Architecture network, KnownDataset dataset) {
        this.graph = network.graph();
        this.perceptron = network instanceof Architecture.Mlp;
        this.parameters = network.parameterCount();
        this.operations = perceptron ? 2 * parameters : graph.operationsOfImage();
        this.dataset = dataset;
        this.matching = FOLLOWED * SWEEPS * sweep(graph);
        this.layers = network.tensors().stream()
                .filter(tensor -> tensor.axes().size() > 1)
                .count();
    }

    /**
     * Forward 2 operations a weight, position and image, backward twice that: once for the weights, once for the activations.
     */
    double train(TrainingRecipe training) {
        int images = training.subset().map(subset -> subset.images(dataset)).orElse(dataset.images(Split.TRAIN));
        return 3 * operations * images * training.epochs();
    }

    /**
     * In forward passes: a multiplication and an addition for each weight, and for each image where there are any.
     *
     * @param networks how many are looked at beside the first, or together
     */
    double evaluate(TaskSpec.Evaluate evaluation, int networks) {
        MetricRequest metric = evaluation.metric();
        int images = evaluation.images().map(TaskSpec.Images::count).orElse(1);
        double forward = operations * images;
        if (evaluation.combination().isPresent()) {
            boolean aligned = evaluation.combination().get().isAligned();
            return networks * forward * points(metric) + (aligned ? (networks - 1) * matching : 0);
        }
        if (metric instanceof MetricRequest.Scaling) {
            return forward * points(metric);
        }
        if (metric instanceof MetricRequest.CounterExample) {
            return 1e6;
        }
        if (metric instanceof MetricRequest.Barrier barrier) {
            return 2 * barrier.lambdas() * (forward + 4 * parameters);
        }
        if (metric instanceof MetricRequest.RunningMean running) {
            double rounds = Math.min(running.step().rounds().most(), ROUNDS);
            return merge(running.step(), networks) + (rounds + 1) * forward;
        }
        return changed(metric, images, forward);
    }

    /** Passes over all images. */
    private static double points(MetricRequest metric) {
        return metric instanceof MetricRequest.Scaling scaling
                ? (double) scaling.factors().values().size() * scaling.modes().size() * (scaling.byPowers() ? 2 : 1)
                : 1;
    }

    private double changed(MetricRequest metric, int images, double forward) {
        if (metric instanceof MetricRequest.Fgsm fgsm) {
            return (fgsm.epsilons().values().size() + 3) * forward;
        }
        if (metric instanceof MetricRequest.Pgd pgd) {
            // A step takes a gradient; the rest is FGSM at the same budgets, which it is held against.
            return pgd.budgets().values().size() * (pgd.restarts() * (2.0 * pgd.steps() + 1) + 2) * forward;
        }
        if (metric instanceof MetricRequest.DeepFool deepFool) {
            // A move takes the gradient of every logit; of a perceptron in L2 without the first weights, the largest by
            // far.
            double move = perceptron && deepFool.norm() == VectorNorm.L2 ? 2 : dataset.classes() + 1.0;
            return (1 + MOVES * move) * forward;
        }
        if (metric instanceof MetricRequest.InputNoise noise) {
            double drawn = 0.5 * DRAW * dataset.pixels() * (double) images;
            return noise.sizes().values().size() * noise.draws() * (forward + drawn);
        }
        if (metric instanceof MetricRequest.WeightNoise noise) {
            return noise.sizes().values().size() * noise.draws() * (forward + DRAW * parameters);
        }
        return lipschitz(metric, images, forward);
    }

    private double lipschitz(MetricRequest metric, int images, double forward) {
        if (metric instanceof MetricRequest.LipschitzSpectral) {
            return singularValues();
        }
        if (metric instanceof MetricRequest.LipschitzLocal) {
            // About half of a layer's units are on, on both sides.
            return images * singularValues() / 4;
        }
        if (metric instanceof MetricRequest.LipschitzSampled sampled) {
            return 2 * sampled.samples() * (dataset.classes() + 1.0) * forward;
        }
        return forward;
    }

    /** Of every weight matrix: the product with its transpose, and the eigenvalues of that. */
    private double singularValues() {
        double sum = 0;
        for (Graph.Node node : graph.nodes()) {
            Optional<TensorShape> weight = weight(node);
            if (weight.isEmpty()) {
                continue;
            }
            double out = weight.get().axes().get(0);
            double in = weight.get().size() / out;
            double small = Math.min(out, in);
            double large = Math.max(out, in);
            sum += 2 * small * small * large + EIGENVALUES * small * small * small;
        }
        return sum;
    }

    /** What it takes to make a network that is set against a merge. */
    double control(TaskSpec.Control control) {
        double forward =
                operations * control.images().map(TaskSpec.Images::count).orElse(0);
        ControlStep step = control.step();
        if (step instanceof ControlStep.EarlyStop stop) {
            // Merges are less accurate than their leaves: they are met early, and looked for closely there.
            return train(stop.training()) / 3 + 2 * LOOKS * forward;
        }
        if (step instanceof ControlStep.L2Path path) {
            // It ends when one is near enough.
            return (path.refinements() + 1) / 2.0 * train(path.training())
                    + (1 + path.coefficients().size() + path.refinements()) * forward;
        }
        return LOOKS * forward + DRAW * parameters;
    }

    /** Matchings, and the sum of the networks. */
    double merge(TaskSpec.Merge merge, int networks) {
        double looks = merge.images().map(images -> operations * images.count()).orElse(0.0);
        return looks(merge.step(), networks) * looks
                + merge(merge.step(), networks)
                + (networks - 1) * trained(merge.step().matching(), looks);
    }

    /** What an alignment by a straight-through estimator trains: passes there and back, and a matching of a few sweeps a step. */
    private double trained(Matching how, double forward) {
        if (how instanceof Matching.StraightThrough straight) {
            double steps = straight.epochs() * (forward / operations) / straight.batch();
            return 3 * straight.epochs() * forward + steps * matching * SWEEPS_OF_MANY / SWEEPS;
        }
        return 0;
    }

    /** Forward passes over the images of a merge, in all. */
    private double looks(MergeStep step, int networks) {
        // Each network once, then the mean as far as every layer that is corrected.
        double finish = step.repair().isPresent() ? networks + layers / 2.0 : networks;
        return step instanceof MergeStep.GreedySoup ? networks * finish : finish;
    }

    private double merge(MergeStep step, int networks) {
        return matchings(step, networks) * matching + 2 * parameters * networks;
    }

    /** In matchings of a pair. */
    private static double matchings(MergeStep step, int networks) {
        if (step instanceof MergeStep.Many many) {
            return (double) Math.min(many.rounds().most(), ROUNDS) * networks * SWEEPS_OF_MANY / SWEEPS;
        }
        if (step instanceof MergeStep.CycleConsistent all) {
            // An iteration pairs the units of every layer once for each two networks, as a sweep does for two.
            double pairs = networks * (networks - 1) / 2.0;
            return Math.min(all.iterations(), ITERATIONS) * pairs / (FOLLOWED * SWEEPS);
        }
        if (step.matching() instanceof Matching.BestOf best) {
            return best.k() * (networks - 1.0);
        }
        return step.matching() instanceof Matching.Weight ? networks - 1 : 0;
    }

    /**
     * One visit to every layer whose units can be ordered: of n units, the products of both networks' incoming and outgoing
     * weights, 2n operations for each of these weights, and an assignment of n rows, about n³. Where layers share one order,
     * as those of a residual stream do, an assignment is counted for each all the same.
     */
    private static double sweep(Graph graph) {
        double sum = 0;
        boolean first = true;
        for (int i = 0; i < graph.size(); i++) {
            Optional<TensorShape> weight = weight(graph.node(i));
            if (weight.isEmpty()) {
                continue;
            }
            double size = weight.get().size();
            double units = weight.get().axes().get(0);
            if (i < graph.logits()) {
                sum += 2 * units * size + units * units * units;
            }
            if (!first) {
                sum += 2 * unitsIn(graph, graph.node(i)) * size;
            }
            first = false;
        }
        return sum;
    }

    /** Channels that a linear layer or a convolution takes; those before a flattening, whose positions stay together. */
    private static double unitsIn(Graph graph, Graph.Node node) {
        Graph.Node before = graph.node(node.input());
        return before.operation() instanceof Operation.Flatten
                ? graph.node(before.input()).output().channels()
                : before.output().channels();
    }

    private static Optional<TensorShape> weight(Graph.Node node) {
        if (node.operation() instanceof Operation.Linear linear) {
            return Optional.of(linear.weight());
        }
        return node.operation() instanceof Operation.Convolution convolution
                ? Optional.of(convolution.weight())
                : Optional.empty();
    }
}
