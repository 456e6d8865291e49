package org.basinlab.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

/** Held against Quartz itself, which is what reads the expressions in the end. */
class CronFormTest {

    private static final String LETTERS = "0123456789*?/-,LW#MONFRIJAN ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 2 * * ?",
                "0/5 * * * * ?",
                "0 */10 8-18 ? * MON-FRI",
                "0 0 22-2 ? * fri-mon",
                "0 0 0 L * ?",
                "0 0 0 LW * ?",
                "0 0 0 L-3 JAN,APR,jul ?",
                "0 0 0 15W * ?",
                "0 0 0 ? * 6L",
                "0 0 0 ? * FRI#2",
                "0 0 0 ? * L 2030",
                "1,2,30-40/2 0 0 1 1 ? 2026-2030/2",
            })
    void what_people_write_is_taken(String expression) {
        assertThat(CronForm.fault(expression)).isEmpty();
        assertThat(CronExpression.isValidExpression(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * * *",
                "0 0 2 * * *",
                "0 0 2 ? * ?",
                "60 0 2 * * ?",
                "0 0 24 * * ?",
                "0 0 2 0 * ?",
                "0 0 2 32 * ?",
                "0 0 2 * 13 ?",
                "0 0 2 ? * 8",
                "0 0 2 ? * FRI#6",
                "0 0/0 2 * * ?",
                "0 0/99 2 * * ?",
                "0 ,1 2 * * ?",
                "0 0 2 * * ? 1969",
                "0 0 2 * * ? 2030-2026",
                "0 0 2 * * ? 2026 x",
                "a 0 2 * * ?",
            })
    void what_has_no_such_form_is_refused(String expression) {
        assertThat(CronForm.fault(expression)).isPresent();
    }

    @Test
    void whatever_is_taken_quartz_takes() {
        RandomGenerator random = Seeds.generator(1);
        List<String> good = List.of("0 0 2 * * ?", "0/5 1-2 3,4 ? JAN MON#2", "0 0 0 L-3 1/2 ? 2026", "1 2 3 15W * ?");
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(good.get(random.nextInt(good.size())));
            for (int change = random.nextInt(4); change > 0; change--) {
                char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
                text.setCharAt(random.nextInt(text.length()), letter);
            }
            if (CronForm.fault(text.toString()).isEmpty()) {
                taken++;
                assertThat(CronExpression.isValidExpression(text.toString()))
                        .as(text.toString())
                        .isTrue();
            }
        }

        assertThat(taken).isBetween(5_000, 19_000);
    }
}
