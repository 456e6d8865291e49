package org.basinlab.matching;

import java.util.ArrayList;
import java.util.List;

/** A polynomial of degree at most four on [0, 1]: c₀ + c₁t + c₂t² + c₃t³ + c₄t⁴. */
record Quartic(double c0, double c1, double c2, double c3, double c4) {

    static final Quartic ZERO = new Quartic(0, 0, 0, 0, 0);

    private static final int BISECTIONS = 60;

    double at(double t) {
        return c0 + t * (c1 + t * (c2 + t * (c3 + t * c4)));
    }

    Quartic plus(Quartic other, double factor) {
        return new Quartic(
                c0 + factor * other.c0,
                c1 + factor * other.c1,
                c2 + factor * other.c2,
                c3 + factor * other.c3,
                c4 + factor * other.c4);
    }

    private Quartic derivative() {
        return new Quartic(c1, 2 * c2, 3 * c3, 4 * c4, 0);
    }

    /** Where on [0, 1] it is greatest, the least of several; right to some 10⁻¹⁶. */
    double greatest() {
        double best = 0;
        for (double t : derivative().zeros()) {
            best = at(t) > at(best) ? t : best;
        }
        return at(1) > at(best) ? 1 : best;
    }

    /** Zeros in (0, 1), rising: between two zeros of the derivative a polynomial has one at most. */
    private List<Double> zeros() {
        if (c1 == 0 && c2 == 0 && c3 == 0 && c4 == 0) {
            return List.of();
        }
        List<Double> borders = new ArrayList<>(List.of(0.0));
        borders.addAll(derivative().zeros());
        borders.add(1.0);
        List<Double> zeros = new ArrayList<>();
        for (int i = 0; i + 1 < borders.size(); i++) {
            double low = borders.get(i);
            double high = borders.get(i + 1);
            boolean falls = at(low) > 0;
            if (falls != at(high) > 0) {
                zeros.add(bisect(low, high, falls));
            }
        }
        return zeros;
    }

    private double bisect(double from, double to, boolean falls) {
        double low = from;
        double high = to;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (at(middle) > 0 == falls) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** ‖a‖², the same for every t. */
    static Quartic constant(double[] a) {
        double sum = 0;
        for (double value : a) {
            sum += value * value;
        }
        return new Quartic(sum, 0, 0, 0, 0);
    }

    /** ‖a + tb + t²c‖². */
    static Quartic squaredNorm(double[] a, double[] b, double[] c) {
        double[] sums = new double[6];
        for (int i = 0; i < a.length; i++) {
            sums[0] += a[i] * a[i];
            sums[1] += a[i] * b[i];
            sums[2] += b[i] * b[i];
            sums[3] += a[i] * c[i];
            sums[4] += b[i] * c[i];
            sums[5] += c[i] * c[i];
        }
        return new Quartic(sums[0], 2 * sums[1], sums[2] + 2 * sums[3], 2 * sums[4], sums[5]);
    }
}
