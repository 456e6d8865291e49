package org.basinlab.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {

    private static BitSet first(int count) {
        BitSet bits = new BitSet();
        bits.set(0, count);
        return bits;
    }

    @ParameterizedTest
    @CsvSource({"2, 3, true", "2, 100, true", "3, 100, false", "2, 250, true", "10, 1000, true", "11, 1000, false"})
    void one_or_two_images_never_raise_an_alarm(int images, int of, boolean passes) {
        float[] distances = new float[of];
        Arrays.fill(distances, 0, images, Float.NaN);

        assertThat(List.of(
                        Checks.fewOf("not-above-fgsm", images, of),
                        Checks.notMasked(images, of),
                        Checks.cleanAtZero(first(of), first(of - images), of),
                        Checks.monotone(first(of - images), List.of(first(of)), of),
                        Checks.boundaryFound(distances)))
                .allSatisfy(check -> {
                    assertThat(check.passed()).as(check.check()).isEqualTo(passes);
                    assertThat(check.measured()).isEqualTo((double) images / of);
                    assertThat(check.limit()).isEqualTo(Math.max(0.01, 2.0 / of));
                });
    }

    @Test
    void a_step_of_zero_may_not_change_a_single_answer_of_one_step() {
        assertThat(Checks.exactlyCleanAtZero(first(1_000), first(999), 1_000).passed())
                .isFalse();
    }

    @Test
    void of_few_images_chance_is_allowed_for_at_half() {
        SanityFinding few = Fgsm.atHalf(90, 22, 10, 100).get(0);
        SanityFinding many = Fgsm.atHalf(900, 151, 100, 1_000).get(0);

        assertThat(few.limit()).isCloseTo(0.15 + 2 * Math.sqrt(0.15 * 0.85 / 100), within(1e-12));
        assertThat(few.passed()).isTrue();
        assertThat(Fgsm.atHalf(90, 23, 10, 100).get(0).passed()).isFalse();
        assertThat(many.limit()).isEqualTo(0.15);
        assertThat(many.passed()).isFalse();
    }

    @Test
    void an_attack_that_leaves_more_than_half_of_the_accuracy_is_flagged_though_it_is_below_guessing() {
        List<SanityFinding> useless = Fgsm.atHalf(200, 140, 20, 1_000);

        assertThat(useless)
                .containsExactly(
                        new SanityFinding("broken-at-half", 0.14, 0.15, true),
                        new SanityFinding("halved-at-half", 0.14, 0.1, false));
    }

    @Test
    void a_network_that_was_broken_before_or_names_one_class_in_the_end_raises_no_alarm() {
        assertThat(Fgsm.atHalf(150, 150, 100, 1_000))
                .containsExactly(new SanityFinding("broken-at-half", 0.15, 0.15, true));
        assertThat(Fgsm.atHalf(160, 103, 103, 1_000)).allMatch(SanityFinding::passed);
    }
}
