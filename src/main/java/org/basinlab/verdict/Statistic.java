package org.basinlab.verdict;

/** A number that units give, as a function of which of them are drawn, so that they can be drawn again. */
@FunctionalInterface
interface Statistic {

    /**
     * @param drawn positions of units, one may come several times; left unchanged
     * @return may be infinite; NaN where it is undefined
     */
    double of(int[] drawn);

    /** The arithmetic mean. */
    static Statistic mean(double[] values) {
        return drawn -> mean(values, drawn);
    }

    /** ln(var x / var y), variances with n − 1; undefined where both are zero. */
    static Statistic logVarianceRatio(double[] x, double[] y) {
        return drawn -> {
            double above = squares(x, drawn);
            double below = squares(y, drawn);
            return Math.log(above) - Math.log(below);
        };
    }

    private static double mean(double[] values, int[] drawn) {
        double sum = 0;
        for (int unit : drawn) {
            sum += values[unit];
        }
        return sum / drawn.length;
    }

    /** Sum of squared distances from the mean; exactly zero where all drawn values are equal, whatever rounding made of their mean. */
    private static double squares(double[] values, int[] drawn) {
        double mean = mean(values, drawn);
        double sum = 0;
        boolean differ = false;
        for (int unit : drawn) {
            sum += (values[unit] - mean) * (values[unit] - mean);
            differ |= values[unit] != values[drawn[0]];
        }
        return differ ? sum : 0;
    }
}
