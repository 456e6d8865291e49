package org.basinlab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.basinlab.study.Decision;
import org.basinlab.study.Decision.Sign;
import org.basinlab.study.Decision.Together;
import org.junit.jupiter.api.Test;

class RuleTest {

    @Test
    void a_rule_names_side_margin_and_scale() {
        List<String> words = Rule.words(new Decision(
                Together.ALL,
                List.of(new Decision.Part("loss", Decision.Type.DIRECTION, Sign.NEGATIVE, 0.020, "nats"))));

        assertThat(words).hasSize(2);
        assertThat(words.get(0))
                .startsWith("loss (a direction, measured in nats): holds when the 95 % interval lies below 0")
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

    @Test
    void parts_that_are_decided_alike_are_said_once() {
        List<Decision.Part> parts = new ArrayList<>();
        for (String attack : List.of("fgsm", "pgd", "deepfool")) {
            for (String control : List.of("early-stop", "l2", "weight-noise")) {
                double margin = attack.equals("deepfool") ? 0.05 : 0.01;
                parts.add(new Decision.Part(
                        attack + "-" + control, Decision.Type.DIRECTION, Sign.POSITIVE, margin, "accuracy"));
            }
        }

        List<String> words = Rule.words(new Decision(Together.ALL, parts));

        assertThat(words).hasSize(4);
        assertThat(words.get(0))
                .startsWith("each of the 6 parts fgsm-…, pgd-… (a direction, measured in accuracy): holds");
        assertThat(words.get(1))
                .startsWith("each of deepfool-early-stop, deepfool-l2, deepfool-weight-noise (a direction");
    }

    @Test
    void parts_whose_names_begin_alike_and_that_are_decided_otherwise_are_named() {
        List<Decision.Part> parts = new ArrayList<>();
        for (String name : List.of("a-1", "a-2", "a-3", "a-4", "a-5", "a-6")) {
            double margin = name.equals("a-6") ? 0.05 : 0.01;
            parts.add(new Decision.Part(name, Decision.Type.DIRECTION, Sign.POSITIVE, margin, "accuracy"));
        }

        List<String> words = Rule.words(new Decision(Together.ALL, parts));

        assertThat(words.get(0)).startsWith("each of the 5 parts a-1, a-2, a-3, a-4, a-5 (a direction");
        assertThat(words.get(1)).startsWith("a-6 (a direction");
    }
}
