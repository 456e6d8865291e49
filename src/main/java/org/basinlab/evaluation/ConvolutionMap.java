package org.basinlab.evaluation;

/**
 * A convolution without its bias as the linear map that it is, in float64: zeros beyond the edge, any stride. Maps lie
 * {@code [channels][height][width]}.
 */
final class ConvolutionMap {

    private final double[] weight;
    private final Window window;

    /** @param weight {@code [out][in][kernel][kernel]}; only read */
    ConvolutionMap(double[] weight, Window window) {
        this.weight = weight;
        this.window = window;
    }

    int inputs() {
        return window.in().size();
    }

    int outputs() {
        return window.out().size();
    }

    /** A·x. */
    double[] apply(double[] x) {
        double[] y = new double[outputs()];
        walk((w, row, column, count) -> {
            for (int i = 0; i < count; i++) {
                y[row + i] += w * x[column + i * window.stride()];
            }
        });
        return y;
    }

    /** Aᵀ·y. */
    double[] transposed(double[] y) {
        double[] x = new double[inputs()];
        walk((w, row, column, count) -> {
            for (int i = 0; i < count; i++) {
                x[column + i * window.stride()] += w * y[row + i];
            }
        });
        return x;
    }

    /** The whole matrix, {@code [outputs][inputs]} row-major. */
    double[] matrix() {
        double[] matrix = new double[Math.multiplyExact(outputs(), inputs())];
        walk((w, row, column, count) -> {
            for (int i = 0; i < count; i++) {
                matrix[(row + i) * inputs() + column + i * window.stride()] = w;
            }
        });
        return matrix;
    }

    /** So many neighbouring outputs from {@code row} on take w times inputs a stride apart from {@code column} on. */
    @FunctionalInterface
    private interface Visitor {
        void visit(double w, int row, int column, int count);
    }

    private void walk(Visitor visitor) {
        int taps = window.kernel() * window.kernel();
        for (int unit = 0; unit < window.out().channels(); unit++) {
            for (int channel = 0; channel < window.in().channels(); channel++) {
                for (int tap = 0; tap < taps; tap++) {
                    double w = weight[window.index(unit, channel, tap)];
                    if (w != 0) {
                        walk(w, unit, channel, tap, visitor);
                    }
                }
            }
        }
    }

    private void walk(double w, int unit, int channel, int tap, Visitor visitor) {
        int down = tap / window.kernel() - window.padding();
        int right = tap % window.kernel() - window.padding();
        int first = first(right);
        int count = end(right, window.in().width(), window.out().width()) - first;
        int last = end(down, window.in().height(), window.out().height());
        for (int y = first(down); y < last && count > 0; y++) {
            int row = unit * window.out().positions() + y * window.out().width() + first;
            int column = channel * window.in().positions()
                    + (y * window.stride() + down) * window.in().width()
                    + first * window.stride()
                    + right;
            visitor.visit(w, row, column, count);
        }
    }

    /** The first place of a window whose tap, {@code shift} from it, is not before the edge. */
    private int first(int shift) {
        return Math.max(0, Math.floorDiv(-shift + window.stride() - 1, window.stride()));
    }

    /** One more than the last place of a window whose tap is not behind the edge. */
    private int end(int shift, int length, int places) {
        return Math.min(places, Math.floorDiv(length - 1 - shift, window.stride()) + 1);
    }
}
