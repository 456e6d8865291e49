package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Two networks that answer nearly without a mistake and that no permutation of their hidden units connects without a barrier:
 * the counter-example of Git Re-Basin, 2-2-2-1 with a leaky rectifier of slope 0.01 after each hidden layer. Both tell the
 * points of the square [−1, 1]² with x₁ ≤ 0 and x₂ ≥ 0 from the others by the sign of their output, all but two slivers of
 * 0.13 % of the area, which the slope leaves.
 *
 * <p>Accuracies are shares of the square's area, and exact but for rounding: on every piece of the square on which a network is
 * affine, the part where its output is at least 0 is a polygon.
 *
 * @see <a href="https://arxiv.org/abs/2209.04836">Ainsworth et al. 2022, Git Re-Basin, section 4 and its file
 *     sgd_is_special.py, whose weights these are</a>
 */
public final class CounterExample {

    private static final double SLOPE = 0.01;
    private static final double AREA = 4;
    private static final double[][] SQUARE = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};

    static final Toy A = new Toy(
            new double[][] {{-1, 0}, {0, -1}},
            new double[] {1, 0},
            new double[][] {{-1, 0}, {0, 1}},
            new double[] {1, 0},
            new double[] {-1, -1},
            0);
    static final Toy B = new Toy(
            new double[][] {{1, 0}, {0, 1}},
            new double[] {0, 1},
            new double[][] {{1, 0}, {0, -1}},
            new double[] {0, 1},
            new double[] {-1, -1},
            0);

    private CounterExample() {}

    /** The ways of permuting two units in each of two layers. */
    public enum Swap {
        IDENTITY(false, false),
        FIRST(true, false),
        SECOND(false, true),
        BOTH(true, true);

        private final boolean first;
        private final boolean second;

        Swap(boolean first, boolean second) {
            this.first = first;
            this.second = second;
        }
    }

    /**
     * Accuracies from A, at 0, to B permuted, at 1.
     *
     * @param points evenly spaced from 0 to 1 with both ends, at least 2
     * @return one for each point, shares of the area, 0–1
     */
    public static List<Double> accuracies(Swap swap, int points) {
        Toy b = B.swapped(swap);
        List<Double> accuracies = new ArrayList<>();
        for (int i = 0; i < points; i++) {
            accuracies.add(A.towards(b, (double) i / (points - 1)).accuracy());
        }
        return accuracies;
    }

    /** Mean accuracy of the ends minus the smallest on the way. */
    public static double barrier(List<Double> accuracies) {
        double ends = (accuracies.get(0) + accuracies.get(accuracies.size() - 1)) / 2;
        return ends - accuracies.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** Weights by [to][from]. */
    @SuppressWarnings("ArrayRecordComponent") // made, read and dropped within the room
    record Toy(
            double[][] first, double[] firstBias, double[][] second, double[] secondBias, double[] third, double bias) {

        Toy swapped(Swap swap) {
            Toy toy = this;
            if (swap.first) {
                toy = new Toy(
                        new double[][] {toy.first[1], toy.first[0]},
                        reversed(toy.firstBias),
                        new double[][] {reversed(toy.second[0]), reversed(toy.second[1])},
                        toy.secondBias,
                        toy.third,
                        toy.bias);
            }
            if (swap.second) {
                toy = new Toy(
                        toy.first,
                        toy.firstBias,
                        new double[][] {toy.second[1], toy.second[0]},
                        reversed(toy.secondBias),
                        reversed(toy.third),
                        toy.bias);
            }
            return toy;
        }

        private static double[] reversed(double[] pair) {
            return new double[] {pair[1], pair[0]};
        }

        /** (1 − λ) of this and λ of another. */
        Toy towards(Toy other, double lambda) {
            return new Toy(
                    new double[][] {mixed(first[0], other.first[0], lambda), mixed(first[1], other.first[1], lambda)},
                    mixed(firstBias, other.firstBias, lambda),
                    new double[][] {mixed(second[0], other.second[0], lambda), mixed(second[1], other.second[1], lambda)
                    },
                    mixed(secondBias, other.secondBias, lambda),
                    mixed(third, other.third, lambda),
                    (1 - lambda) * bias + lambda * other.bias);
        }

        private static double[] mixed(double[] a, double[] b, double lambda) {
            double[] mixed = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                mixed[i] = (1 - lambda) * a[i] + lambda * b[i];
            }
            return mixed;
        }

        double output(double x1, double x2) {
            double out = bias;
            for (int unit = 0; unit < 2; unit++) {
                double sum = secondBias[unit];
                for (int before = 0; before < 2; before++) {
                    sum += second[unit][before]
                            * leaky(first[before][0] * x1 + first[before][1] * x2 + firstBias[before]);
                }
                out += third[unit] * leaky(sum);
            }
            return out;
        }

        private static double leaky(double x) {
            return x >= 0 ? x : SLOPE * x;
        }

        double accuracy() {
            double right = 0;
            for (Piece ofFirst : pieces(SQUARE, line(first[0], firstBias[0]), line(first[1], firstBias[1]))) {
                double[] one = combined(second[0], ofFirst, secondBias[0]);
                double[] other = combined(second[1], ofFirst, secondBias[1]);
                for (Piece ofSecond : pieces(ofFirst.polygon, one, other)) {
                    right += answered(ofSecond.polygon, combined(third, ofSecond, bias));
                }
            }
            return right / AREA;
        }

        /** A part of the square on which two units are affine after their rectifier. */
        @SuppressWarnings("ArrayRecordComponent") // made, read and dropped within the room
        private record Piece(double[][] polygon, double[] one, double[] other) {}

        /** The parts in which two units, affine before their rectifier, keep their signs. */
        private static List<Piece> pieces(double[][] polygon, double[] one, double[] other) {
            List<Piece> pieces = new ArrayList<>();
            for (double[] signs : new double[][] {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}}) {
                double[][] part =
                        Polygons.clipped(Polygons.clipped(polygon, times(signs[0], one)), times(signs[1], other));
                // A unit that is 0 throughout has one sign, or its part would count twice.
                boolean again = (signs[0] < 0 && isZero(one)) || (signs[1] < 0 && isZero(other));
                if (part.length >= 3 && !again) {
                    pieces.add(new Piece(
                            part, times(signs[0] > 0 ? 1 : SLOPE, one), times(signs[1] > 0 ? 1 : SLOPE, other)));
                }
            }
            return pieces;
        }

        private static boolean isZero(double[] line) {
            return line[0] == 0 && line[1] == 0 && line[2] == 0;
        }

        private static double[] line(double[] weights, double bias) {
            return new double[] {weights[0], weights[1], bias};
        }

        private static double[] combined(double[] weights, Piece piece, double bias) {
            return plus(plus(times(weights[0], piece.one), times(weights[1], piece.other)), new double[] {0, 0, bias});
        }

        /** The area of what is in the quadrant and named so, and of what is outside of it and named so. */
        private static double answered(double[][] piece, double[] out) {
            double[][] inside =
                    Polygons.clipped(Polygons.clipped(piece, new double[] {-1, 0, 0}), new double[] {0, 1, 0});
            double[] not = times(-1, out);
            double named = Polygons.area(Polygons.clipped(inside, out));
            double missed = Polygons.area(Polygons.clipped(inside, not));
            double outside = Polygons.area(Polygons.clipped(piece, not)) - missed;
            // Where the output is 0 throughout it counts as named.
            return isZero(out) ? Polygons.area(inside) : named + outside;
        }

        private static double[] times(double factor, double[] line) {
            return new double[] {factor * line[0], factor * line[1], factor * line[2]};
        }

        private static double[] plus(double[] a, double[] b) {
            return new double[] {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
        }
    }
}
