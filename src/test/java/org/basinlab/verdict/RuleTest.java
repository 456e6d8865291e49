package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.basinlab.study.Decision;
import org.basinlab.study.Decision.Sign;
import org.basinlab.study.Decision.Together;
import org.junit.jupiter.api.Test;

class RuleTest {

    @Test
    void a_rule_names_side_margin_and_scale() {
        List<String> words = Rule.words(new Decision(
                Together.ALL, List.of(new Decision.Part("loss", Decision.Type.DIRECTION, Sign.NEGATIVE, 0.020, "nats"))));

        assertThat(words).hasSize(2);
        assertThat(words.get(0))
                .startsWith("loss (direction, nats): holds when the 95 % interval lies below 0")
                .contains("the estimate is at most −0.02;", "contradicted when the interval lies above 0");
    }

    @Test
    void several_parts_say_how_they_make_one_verdict() {
        Decision.Part same = new Decision.Part("same", Decision.Type.EQUIVALENCE, Sign.NONE, 0.01, "accuracy");
        Decision.Part high = new Decision.Part("high", Decision.Type.BARRIER, Sign.POSITIVE, 0.01, "accuracy");

        assertThat(Rule.words(new Decision(Together.ANY_AGAINST, List.of(same, high))))
                .anySatisfy(words -> assertThat(words).contains("one that is contradicted is enough"))
                .anySatisfy(words -> assertThat(words).contains("95 % interval lies within ±0.01"))
                .anySatisfy(words -> assertThat(words).contains("lower end of the 95 % interval lies above 0.01"));
    }
}
