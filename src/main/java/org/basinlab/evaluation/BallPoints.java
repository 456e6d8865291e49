package org.basinlab.evaluation;

import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/** Points drawn uniformly from a ball: a Gaussian direction, and the d-th root of a uniform number as the distance. */
final class BallPoints {

    private BallPoints() {}

    /**
     * The centre first, then random points around it.
     *
     * @param seed with {@code index} it gives the points
     * @return {@code [count][centre.length]}
     */
    static double[] around(double[] centre, double radius, int count, long seed, int index) {
        RandomGenerator random = Seeds.generator(Seeds.derive(seed, "points-in-ball", index));
        int d = centre.length;
        double[] points = new double[count * d];
        for (int p = 0; p < count; p++) {
            System.arraycopy(centre, 0, points, p * d, d);
            if (p > 0) {
                move(points, p * d, d, radius, random);
            }
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
