package org.basinlab.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorNormTest {

    /** Eigenvalues of a few hundred rows. */
    private static final double ROUNDING = 1e-9;

    @ParameterizedTest
    @CsvSource({
        // out, in, height, width, kernel, stride, padding, largest gap
        "3, 2, 7, 5, 3, 1, 1, 0.12",
        "3, 2, 12, 12, 3, 1, 1, 0.05",
        "2, 3, 8, 8, 3, 1, 0, 0.12",
        "3, 2, 12, 12, 3, 2, 1, 0.05",
        "2, 2, 9, 9, 5, 2, 2, 0.15",
        "2, 2, 8, 8, 2, 1, 0, 0.06",
        "4, 3, 8, 8, 4, 4, 0, 1e-6",
        "4, 3, 6, 6, 1, 1, 0, 1e-6",
        "4, 3, 8, 8, 1, 2, 0, 1e-6",
        "2, 2, 11, 7, 3, 3, 1, 0.1"
    })
    void both_bounds_enclose_the_largest_singular_value_of_the_whole_matrix(
            int out, int in, int height, int width, int kernel, int stride, int padding, double gap) {
        for (long seed = 1; seed <= 3; seed++) {
            Window window = window(out, in, height, width, kernel, stride, padding);
            double[] weight = gaussian(out * in * kernel * kernel, seed);
            double[] matrix = matrix(weight, window);
            double exact = Products.largestSingularValue(
                    window.out().size(), window.in().size(), matrix);

            Enclosure found = OperatorNorm.enclosed(weight, window);

            assertThat(found.lower()).isBetween(exact * 0.98, exact * (1 + ROUNDING));
            assertThat(found.upper()).isGreaterThanOrEqualTo(exact * (1 - ROUNDING));
            assertThat(found.relativeGap()).isBetween(0.0, gap);
        }
    }

    @Test
    void a_small_map_is_known_exactly() {
        Window window = window(3, 2, 7, 5, 3, 2, 1);
        double[] weight = gaussian(3 * 2 * 9, 4);
        double exact =
                Products.largestSingularValue(window.out().size(), window.in().size(), matrix(weight, window));

        Enclosure found = OperatorNorm.of(weight, window);

        assertThat(found.lower()).isLessThanOrEqualTo(exact);
        assertThat(found.upper()).isGreaterThanOrEqualTo(exact);
        assertThat(found.relativeGap()).isLessThan(1e-9);
    }

    @Test
    void the_symbol_is_never_above_its_bound_and_the_bound_is_near_it() {
        for (long seed = 1; seed <= 5; seed++) {
            Window window = window(1, 1, 64, 64, 5, 1, 2);
            double[] weight = gaussian(25, seed);
            double largest = largestOnGrid(weight, 5, 512);

            double bound = Symbol.bound(weight, window);

            assertThat(bound).isBetween(largest, largest * 1.003);
        }
    }

    @Test
    void a_symbol_that_is_constant_is_bounded_by_itself() {
        Window window = window(1, 1, 32, 32, 3, 1, 1);
        double[] shift = new double[9];
        shift[2] = -3;

        // No square can be ruled out, so that the bound stays where the squares became too many.
        assertThat(Symbol.bound(shift, window)).isBetween(3.0, 3.06);
    }

    @Test
    void forward_and_adjoint_are_one_matrix() {
        for (int stride = 1; stride <= 3; stride++) {
            Window window = window(2, 3, 7, 8, 3, stride, 1);
            double[] weight = gaussian(2 * 3 * 9, stride);
            ConvolutionMap map = new ConvolutionMap(weight, window);
            double[] x = gaussian(map.inputs(), 5);
            double[] y = gaussian(map.outputs(), 6);
            double[] matrix = matrix(weight, window);

            double[] ax = map.apply(x);
            double[] ay = map.transposed(y);

            assertThat(map.matrix()).containsExactly(matrix);
            assertThat(ax).containsExactly(Products.times(map.outputs(), 1, map.inputs(), matrix, x), within(1e-12));
            assertThat(ay).containsExactly(Products.times(1, map.inputs(), map.outputs(), y, matrix), within(1e-12));
        }
    }

    private static double largestOnGrid(double[] weight, int kernel, int side) {
        double largest = 0;
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                double re = 0;
                double im = 0;
                for (int tap = 0; tap < weight.length; tap++) {
                    double angle = 2 * Math.PI * (i * (double) (tap / kernel) + j * (double) (tap % kernel)) / side;
                    re += weight[tap] * Math.cos(angle);
                    im += weight[tap] * Math.sin(angle);
                }
                largest = Math.max(largest, Math.hypot(re, im));
            }
        }
        return largest;
    }

    static Window window(int out, int in, int height, int width, int kernel, int stride, int padding) {
        return new Window(
                new Extent(in, height, width),
                new Extent(
                        out, (height + 2 * padding - kernel) / stride + 1, (width + 2 * padding - kernel) / stride + 1),
                kernel,
                stride,
                padding);
    }

    /** By the definition: y[o, i, j] = Σ w[o, c, a, b]·x[c, i·stride + a − padding, j·stride + b − padding]. */
    private static double[] matrix(double[] weight, Window window) {
        Extent in = window.in();
        Extent out = window.out();
        int kernel = window.kernel();
        double[] matrix = new double[out.size() * in.size()];
        for (int row = 0; row < out.size(); row++) {
            int unit = row / out.positions();
            int y = row % out.positions() / out.width();
            int x = row % out.width();
            for (int column = 0; column < in.size(); column++) {
                int channel = column / in.positions();
                int a = column % in.positions() / in.width() - y * window.stride() + window.padding();
                int b = column % in.width() - x * window.stride() + window.padding();
                if (a >= 0 && a < kernel && b >= 0 && b < kernel) {
                    matrix[row * in.size() + column] =
                            weight[((unit * in.channels() + channel) * kernel + a) * kernel + b];
                }
            }
        }
        return matrix;
    }

    static double[] gaussian(int count, long seed) {
        RandomGenerator random = Seeds.generator(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }
}
