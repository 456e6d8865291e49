package org.basinlab.evaluation;

import java.util.ArrayList;
import java.util.List;

/** Convex polygons in the plane, by their corners counter-clockwise. */
final class Polygons {

    private Polygons() {}

    /**
     * The part on which a·x + b·y + c ≥ 0 (Sutherland and Hodgman 1974).
     *
     * @param line {@code {a, b, c}}
     */
    static double[][] clipped(double[][] polygon, double[] line) {
        List<double[]> corners = new ArrayList<>();
        for (int i = 0; i < polygon.length; i++) {
            double[] here = polygon[i];
            double[] next = polygon[(i + 1) % polygon.length];
            double at = value(line, here);
            double then = value(line, next);
            if (at >= 0) {
                corners.add(here);
            }
            if ((at > 0 && then < 0) || (at < 0 && then > 0)) {
                double share = at / (at - then);
                corners.add(
                        new double[] {here[0] + share * (next[0] - here[0]), here[1] + share * (next[1] - here[1])});
            }
        }
        return corners.toArray(double[][]::new);
    }

    private static double value(double[] line, double[] corner) {
        return line[0] * corner[0] + line[1] * corner[1] + line[2];
    }

    /** 0 of fewer than three corners. */
    static double area(double[][] polygon) {
        double twice = 0;
        for (int i = 0; i < polygon.length; i++) {
            double[] here = polygon[i];
            double[] next = polygon[(i + 1) % polygon.length];
            twice += here[0] * next[1] - next[0] * here[1];
        }
        return Math.max(0, twice / 2);
    }
}
