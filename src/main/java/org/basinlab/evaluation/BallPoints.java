package org.basinlab.evaluation;

import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/** Points drawn uniformly from a ball: a Gaussian direction, and the d-th root of a uniform number as the distance. */
final class BallPoints {

    private final double[] centre;
    private final double radius;
    private final RandomGenerator random;
    private boolean begun;

    /** @param seed with {@code index} it gives the points */
    BallPoints(double[] centre, double radius, long seed, int index) {
        this.centre = centre;
        this.radius = radius;
        random = Seeds.generator(Seeds.derive(seed, "points-in-ball", index));
    }

    /**
     * The next points: the very first is the centre, all others are random.
     *
     * @return {@code [count][centre.length]}
     */
    double[] next(int count) {
        int d = centre.length;
        double[] points = new double[count * d];
        for (int p = 0; p < count; p++) {
            System.arraycopy(centre, 0, points, p * d, d);
            if (begun) {
                move(points, p * d, d, radius, random);
            }
            begun = true;
        }
        return points;
    }

    private static void move(double[] points, int from, int d, double radius, RandomGenerator random) {
        double[] direction = new double[d];
        double squares = 0;
        for (int j = 0; j < d; j++) {
            direction[j] = random.nextGaussian();
            squares += direction[j] * direction[j];
        }
        double distance = radius * Math.pow(random.nextDouble(), 1.0 / d);
        for (int j = 0; j < d; j++) {
            points[from + j] += direction[j] * (distance / Math.sqrt(squares));
        }
    }
}
