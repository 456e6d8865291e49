package org.basinlab.verdict;

import java.util.random.RandomGenerator;

/**
 * What one tree of eight leaves could have given, without any effect: every number is a sum of centred shocks, so its mean is zero. Stages are
 * nested in the leaves and both schemes share them, so the numbers of one tree depend on each other; trees do not.
 *
 * @param stages mean value of the nodes by stage, 0 the leaves
 * @param gap of the two schemes at eight leaves
 * @param gapOfHalves the same at four, mean over the tree's two groups
 * @param first one of two exchangeable values that share their leaves
 * @param second the other
 * @param barrier mean over the tree's nodes
 */
record SimulatedTree(double[] stages, double gap, double gapOfHalves, double first, double second, double barrier) {

    /** How shocks are distributed. */
    enum Setting {
        NORMAL("normal"),
        /** The scale of a tree is log-normal: some vary four times as much as others. */
        UNEQUAL("unequal scales"),
        /** Exponential shocks: the skewness of the units is about 1. */
        RIGHT("tail to the right"),
        LEFT("tail to the left");

        final String label;

        Setting(String label) {
            this.label = label;
        }

        private double scale(RandomGenerator random) {
            return this == UNEQUAL ? Math.exp(0.7 * random.nextGaussian()) : 1;
        }

        private double shock(RandomGenerator random) {
            return switch (this) {
                case NORMAL, UNEQUAL -> random.nextGaussian();
                case RIGHT -> random.nextExponential() - 1;
                case LEFT -> 1 - random.nextExponential();
            };
        }
    }

    private static final int LEAVES = 8;
    private static final int STAGES = 3;
    private static final double MERGING = 0.4;

    static SimulatedTree grown(Setting setting, RandomGenerator random) {
        double scale = setting.scale(random);
        double group = scale * setting.shock(random);
        double[] nodes = new double[LEAVES];
        for (int i = 0; i < LEAVES; i++) {
            nodes[i] = group + scale * setting.shock(random);
        }
        double leaves = mean(nodes);
        double[] stages = new double[STAGES + 1];
        stages[0] = leaves;
        double cost = 0;
        double atFour = 0;
        for (int stage = 1; stage <= STAGES; stage++) {
            double[] merged = new double[nodes.length / 2];
            for (int i = 0; i < merged.length; i++) {
                double noise = MERGING * scale * setting.shock(random);
                merged[i] = (nodes[2 * i] + nodes[2 * i + 1]) / 2 + noise;
                cost += noise;
            }
            nodes = merged;
            stages[stage] = mean(nodes);
            atFour = stage == 2 ? stages[stage] : atFour;
        }
        // The other scheme falls where this one rises, so that a tail stays one in their difference.
        double many = leaves - MERGING * scale * setting.shock(random);
        double manyAtFour = leaves - MERGING * scale * (setting.shock(random) + setting.shock(random)) / 2;
        double first = leaves + scale * setting.shock(random);
        double second = leaves + scale * setting.shock(random);
        return new SimulatedTree(
                stages, stages[STAGES] - many, atFour - manyAtFour, first, second, cost / (LEAVES - 1));
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Least-squares slope over the stages, times their number. */
    double slope() {
        return STAGES * (-3 * stages[0] - stages[1] + stages[2] + 3 * stages[3]) / 10;
    }

    /** Mean second difference. */
    double curvature() {
        return (stages[3] - stages[2] - stages[1] + stages[0]) / 2;
    }
}
