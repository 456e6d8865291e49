package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.basinlab.ledger.ImageTerm;
import org.basinlab.recipe.Seeds;
import org.basinlab.study.Decision;
import org.junit.jupiter.api.Test;

class CrossedBootstrapTest {

    private static final int IMAGES = 200;

    private static BitSet some(double share, RandomGenerator random) {
        BitSet set = new BitSet(IMAGES);
        for (int j = 0; j < IMAGES; j++) {
            set.set(j, random.nextDouble() < share);
        }
        return set;
    }

    private static ImageTerm share(int unit, int term, double sign, double weight, BitSet correct) {
        return new ImageTerm(
                ClaimsForTests.name(unit),
                false,
                term,
                false,
                sign,
                weight,
                IMAGES,
                correct,
                Optional.empty(),
                Optional.empty());
    }

    private static double share(BitSet set) {
        return set.cardinality() / (double) IMAGES;
    }

    private static Units units(double... values) {
        return Units.of(ClaimsForTests.table(values), Decision.Type.DIRECTION, Units.Expected.UNKNOWN);
    }

    private static Optional<Interval> interval(Units units, List<ImageTerm> terms) {
        return new CrossedBootstrap(units, Decision.Type.DIRECTION, terms).interval(0.95, 2_000, 7);
    }

    @Test
    void drawn_images_in_a_set_are_counted_as_often_as_they_were_drawn() {
        RandomGenerator random = Seeds.generator(1);
        for (int trial = 0; trial < 20; trial++) {
            ImageDraw draw = ImageDraw.again(IMAGES, random);
            BitSet set = some(0.4, random);

            int count = draw.count(Arrays.copyOf(set.toLongArray(), ImageDraw.words(IMAGES)));

            assertThat(count).isEqualTo(set.stream().map(draw::times).sum());
        }
    }

    @Test
    void a_draw_has_as_many_images_as_there_are() {
        ImageDraw draw = ImageDraw.again(IMAGES, Seeds.generator(2));

        int sum = 0;
        for (int j = 0; j < IMAGES; j++) {
            sum += draw.times(j);
        }
        assertThat(sum).isEqualTo(IMAGES);
        assertThat(draw.size()).isEqualTo(IMAGES);
    }

    @Test
    void a_median_is_that_of_the_drawn_images_of_the_set() {
        RandomGenerator random = Seeds.generator(3);
        for (int trial = 0; trial < 50; trial++) {
            float[] distances = new float[IMAGES];
            for (int j = 0; j < IMAGES; j++) {
                distances[j] = (float) Math.exp(random.nextGaussian());
            }
            BitSet set = some(0.1, random);
            ImageTerm term =
                    new ImageTerm("u", false, 0, false, 1, 1, IMAGES, set, Optional.empty(), Optional.of(distances));
            ImageDraw draw = ImageDraw.again(IMAGES, random);

            double value = ImageRow.of(term).of(draw);

            assertThat(value).isCloseTo(Math.log(median(distances, set, draw)), within(1e-12));
        }
    }

    private static double median(float[] distances, BitSet set, ImageDraw draw) {
        List<Double> drawn = new ArrayList<>();
        set.stream().forEach(j -> {
            for (int k = 0; k < draw.times(j); k++) {
                drawn.add((double) distances[j]);
            }
        });
        drawn.sort(null);
        return (drawn.get((drawn.size() - 1) / 2) + drawn.get(drawn.size() / 2)) / 2;
    }

    @Test
    void signs_weights_absolute_terms_and_ratios_make_up_a_value_as_defined() {
        RandomGenerator random = Seeds.generator(4);
        BitSet a = some(0.6, random);
        BitSet b = some(0.5, random);
        BitSet c = some(0.4, random);
        String unit = ClaimsForTests.name(0);
        List<ImageTerm> terms = List.of(
                new ImageTerm(unit, false, 1, true, -2, 1, IMAGES, b, Optional.empty(), Optional.empty()),
                new ImageTerm(unit, false, 0, false, 1, 0.5, IMAGES, c, Optional.of(a), Optional.empty()),
                new ImageTerm(unit, false, 1, true, -2, -1, IMAGES, a, Optional.empty(), Optional.empty()));

        double value = new UnitImages(terms).of(Map.of(IMAGES, ImageDraw.once(IMAGES)));

        double expected = 0.5 * c.cardinality() / a.cardinality() - 2 * Math.abs(share(b) - share(a));
        assertThat(value).isCloseTo(expected, within(1e-12));
    }

    @Test
    void units_that_differ_by_their_images_alone_get_the_interval_of_one_share() {
        BitSet set = new BitSet();
        set.set(0, 80);
        List<ImageTerm> terms = new ArrayList<>();
        double[] values = new double[12];
        for (int i = 0; i < values.length; i++) {
            terms.add(share(i, 0, 1, 1, set));
            values[i] = 0.4;
        }

        Interval interval = interval(units(values), terms).orElseThrow();

        // Every network has the same images right, so units add nothing: 0.4 ± 2.30·√(0.4·0.6/200), with the quantile
        // of 12 units.
        assertThat(interval.low()).isCloseTo(0.4 - 2.3 * Math.sqrt(0.24 / 200), within(0.012));
        assertThat(interval.high()).isCloseTo(0.4 + 2.3 * Math.sqrt(0.24 / 200), within(0.012));
    }

    @Test
    void images_that_all_networks_share_cancel_in_a_difference() {
        RandomGenerator random = Seeds.generator(5);
        BitSet set = some(0.5, random);
        List<ImageTerm> terms = new ArrayList<>();
        double[] values = new double[12];
        for (int i = 0; i < values.length; i++) {
            terms.add(share(i, 0, 1, 1, set));
            terms.add(share(i, 1, -1, 1, set));
        }

        Interval interval = interval(units(values), terms).orElseThrow();

        assertThat(interval).isEqualTo(new Interval(0, 0));
    }

    @Test
    void it_is_wider_than_units_alone_and_repeatable() {
        RandomGenerator random = Seeds.generator(6);
        List<ImageTerm> terms = new ArrayList<>();
        double[] values = new double[12];
        for (int i = 0; i < values.length; i++) {
            BitSet set = some(0.5, random);
            terms.add(share(i, 0, 1, 1, set));
            values[i] = share(set);
        }
        Units units = units(values);

        Interval interval = interval(units, terms).orElseThrow();

        Interval alone = Bca.interval(Statistic.mean(values), 12, Bca.quantile(0.95, 12), 2_000, 7)
                .orElseThrow();
        assertThat(interval.high() - interval.low()).isGreaterThan(alone.high() - alone.low());
        assertThat(interval(units, terms)).contains(interval);
    }

    @Test
    void a_variance_draws_the_second_values_along() {
        RandomGenerator random = Seeds.generator(8);
        List<ImageTerm> terms = new ArrayList<>();
        double[] x = new double[12];
        double[] y = new double[12];
        for (int i = 0; i < x.length; i++) {
            BitSet first = some(random.nextDouble(), random);
            BitSet second = some(0.5, random);
            x[i] = share(first);
            y[i] = share(second);
            terms.add(share(i, 0, 1, 1, first));
            terms.add(new ImageTerm(
                    ClaimsForTests.name(i), true, 0, false, 1, 1, IMAGES, second, Optional.empty(), Optional.empty()));
        }
        Units units = Units.of(ClaimsForTests.pairs(x, y), Decision.Type.VARIANCE, Units.Expected.UNKNOWN);

        Interval interval = new CrossedBootstrap(units, Decision.Type.VARIANCE, terms)
                .interval(0.95, 1_000, 1)
                .orElseThrow();

        assertThat(interval.low()).isGreaterThan(1);
    }

    @Test
    void images_that_give_another_value_than_the_metrics_are_refused() {
        BitSet set = new BitSet();
        set.set(0, 100);

        assertThatIllegalStateException()
                .isThrownBy(() -> interval(units(0.5, 0.505), List.of(share(0, 0, 1, 1, set), share(1, 0, 1, 1, set))))
                .withMessage("unit main/4/001 must have one value, has 0.505 by its metrics and 0.5 by its images");
    }

    @Test
    void a_unit_that_counts_without_images_is_refused() {
        BitSet set = new BitSet();
        set.set(0, 100);

        assertThatIllegalStateException()
                .isThrownBy(() -> interval(units(0.5, 0.5), List.of(share(0, 0, 1, 1, set))))
                .withMessage(
                        "every unit that counts must have outcomes of images, main/4/001 has none for its first value");
    }

    @Test
    void rows_of_one_term_that_differ_in_sign_are_refused() {
        BitSet set = new BitSet();

        assertThatIllegalStateException()
                .isThrownBy(() -> new UnitImages(List.of(share(0, 3, 1, 1, set), share(0, 3, -1, 1, set))))
                .withMessageContaining("term 3 of unit main/4/000");
    }

    @Test
    void one_unit_has_no_interval() {
        assertThat(interval(units(0), List.of(share(0, 0, 1, 1, new BitSet())))).isEmpty();
    }
}
