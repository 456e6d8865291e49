package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.MannWhitneyUTest;
import org.apache.commons.statistics.inference.OneWayAnova;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.TTest;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;
import org.junit.jupiter.api.Test;

/** The libraries and ours beside SciPy, on one paired sample of 25. */
class ReferenceStatisticsTest {

    private static final JsonNode REFERENCE = read();

    private static final double[] A = series("a");
    private static final double[] B = series("b");
    private static final double[] DIFFERENCES = differences();

    /** Two libraries evaluate the same function of the same doubles. */
    private static final double ROUNDING = 1e-9;

    private static JsonNode read() {
        try (InputStream in = ReferenceStatisticsTest.class.getResourceAsStream("/verdict/statistics.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("the reference numbers must be readable", e);
        }
    }

    private static double[] series(String name) {
        return StreamSupport.stream(REFERENCE.get(name).spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    private static double[] differences() {
        double[] differences = new double[A.length];
        Arrays.setAll(differences, i -> A[i] - B[i]);
        return differences;
    }

    private static double reference(String name) {
        return REFERENCE.get(name).doubleValue();
    }

    private static double[] spread(double[] values) {
        double median = Median.withDefaults().evaluate(values);
        return Arrays.stream(values).map(v -> Math.abs(v - median)).toArray();
    }

    @Test
    void the_paired_t_test_agrees() {
        double p = TTest.withDefaults().pairedTest(A, B).getPValue();

        assertThat(p).isCloseTo(reference("ttest_rel"), within(ROUNDING));
    }

    @Test
    void the_exact_signed_rank_test_agrees() {
        // SciPy ranks the differences of doubles as they are, in which equal decimals need not be equal.
        double p = WilcoxonSignedRankTest.withDefaults()
                .with(PValueMethod.EXACT)
                .with(AlternativeHypothesis.TWO_SIDED)
                .test(DIFFERENCES)
                .getPValue();

        assertThat(p).isCloseTo(reference("wilcoxon_two_sided"), within(ROUNDING));
    }

    @Test
    void the_rank_sum_test_agrees() {
        double p = MannWhitneyUTest.withDefaults()
                .with(PValueMethod.ASYMPTOTIC)
                .test(A, B)
                .getPValue();

        assertThat(p).isCloseTo(reference("mannwhitney_two_sided"), within(1e-3));
    }

    @Test
    void the_test_of_brown_and_forsythe_is_an_analysis_of_variance_of_distances_from_the_median() {
        double p =
                OneWayAnova.withDefaults().test(List.of(spread(A), spread(B))).getPValue();

        assertThat(p).isCloseTo(reference("brown_forsythe"), within(ROUNDING));
    }

    @Test
    void the_rank_correlation_agrees() {
        double rho = new SpearmansCorrelation().correlation(A, B);
        double t = rho * Math.sqrt((A.length - 2) / (1 - rho * rho));
        double p = 2 * TDistribution.of(A.length - 2.0).survivalProbability(t);

        assertThat(rho).isCloseTo(REFERENCE.get("spearman").get(0).doubleValue(), within(ROUNDING));
        assertThat(p).isCloseTo(REFERENCE.get("spearman").get(1).doubleValue(), within(ROUNDING));
    }

    @Test
    void our_interval_of_the_mean_difference_agrees() {
        // SciPy's ends are of another draw: each has a Monte-Carlo error, which the reference gives as 5e-4 at this
        // number of resamples.
        Interval interval = Bca.interval(Statistic.mean(DIFFERENCES), DIFFERENCES.length, 0.95, 200_000, 1)
                .orElseThrow();

        JsonNode expected = REFERENCE.get("bca95_mean_difference");
        assertThat(interval.low()).isCloseTo(expected.get(0).doubleValue(), within(5e-4));
        assertThat(interval.high()).isCloseTo(expected.get(1).doubleValue(), within(5e-4));
    }

    @Test
    void our_sign_flip_lies_near_the_t_test_which_it_makes_exact() {
        double p = SignFlip.twoSided(DIFFERENCES, 1).value();

        assertThat(p).isCloseTo(reference("ttest_rel"), within(0.002));
    }
}
