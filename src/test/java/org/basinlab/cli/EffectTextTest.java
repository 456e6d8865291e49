package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.verdict.EffectTable;
import org.basinlab.verdict.EffectTable.Effect;
import org.basinlab.verdict.EffectTable.Estimate;
import org.basinlab.verdict.EffectTable.Outcome;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class EffectTextTest {

    private static Estimate estimate(int n, double mean, double low, double high) {
        return new Estimate(n, Optional.of(mean), Optional.of(low), Optional.of(high));
    }

    private static final EffectTable TABLE = new EffectTable(List.of(
            new Outcome(
                    "merge-minus-leaves",
                    2,
                    estimate(6, -0.15, -0.2, -0.1),
                    List.of(
                            new Effect(
                                    "l2",
                                    "0.0005",
                                    EffectTable.LEAVES,
                                    1,
                                    Optional.of(-0.05),
                                    Optional.of(-0.15),
                                    estimate(6, 0.1, 0.08, 0.123),
                                    0),
                            new Effect(
                                    "arm",
                                    "original-sgd",
                                    EffectTable.INDEX,
                                    1,
                                    Optional.of(-0.16),
                                    Optional.of(-0.15),
                                    new Estimate(1, Optional.of(-0.01), Optional.empty(), Optional.empty()),
                                    5))),
            new Outcome("hierarchical-minus-merge-many", 4, estimate(3, 0.02, 0.01, 0.03), List.of())));

    private static String printed(EffectTable table) {
        StringWriter text = new StringWriter();
        new EffectText(table).print(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void a_line_is_a_setting_with_its_interval_in_percentage_points() {
        assertThat(printed(TABLE)).startsWith("""
                hierarchical merge of 2 minus the mean of its leaves: -15.00 [-20.00, -10.00] over 6 groups with the study's own settings
                setting              own  with it  effect    95 % interval       n  paired by
                l2=0.0005         -15.00    -5.00  +10.00  [+8.00, +12.30]       6  leaves
                arm=original-sgd  -15.00   -16.00   -1.00             none  1 of 6  index

                Percentage points of test accuracy""");
    }

    @Test
    void of_few_groups_it_says_how_little_an_interval_covers() {
        Outcome enough = new Outcome(
                "merge-minus-leaves",
                2,
                TABLE.outcomes().get(0).own(),
                TABLE.outcomes().get(0).effects().subList(0, 1));

        assertThat(printed(TABLE)).endsWith("that of 3 about 75 %.\n");
        assertThat(printed(new EffectTable(List.of(enough)))).doesNotContain("about 75 %");
    }

    @Test
    void where_nothing_is_compared_it_says_so() {
        assertThat(printed(new EffectTable(List.of()))).startsWith("nothing to compare");
        assertThat(printed(new EffectTable(TABLE.outcomes().subList(1, 2)))).startsWith("nothing to compare");
    }

    @Test
    void the_table_survives_its_json() {
        assertThat(CanonicalJson.read(CanonicalJson.write(TABLE), EffectTable.class))
                .isEqualTo(TABLE);
    }

    @Test
    void the_chart_has_a_point_and_a_bar_for_each_setting_left_and_right_of_zero() throws Exception {
        EffectTable named = new EffectTable(List.of(new Outcome(
                TABLE.outcomes().get(0).contrast(),
                2,
                TABLE.outcomes().get(0).own(),
                TABLE.outcomes().get(0).effects())));
        String svg = EffectChart.of("a & b <c>", named).svg();

        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        Element title = (Element) document.getElementsByTagName("title").item(0);
        assertThat(title.getTextContent()).isEqualTo("a & b <c>: effect of each setting on test accuracy");
        assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(2);
        // Zero is in the middle of 330 to 700; the axis reaches to 15, the first whole tick of 5 beyond 12.3.
        assertThat(Double.parseDouble(
                        ((Element) document.getElementsByTagName("circle").item(0)).getAttribute("cx")))
                .isEqualTo(Math.rint((515 + 10.0 / 15 * 185) * 10) / 10);
        assertThat(Double.parseDouble(
                        ((Element) document.getElementsByTagName("circle").item(1)).getAttribute("cx")))
                .isLessThan(515);
        assertThat(svg).contains(">+15<", ">-15<", ">0<", "l2=0.0005").doesNotContain("NaN");
    }

    @Test
    void equal_tables_give_equal_charts() {
        assertThat(EffectChart.of("s", TABLE).svg())
                .isEqualTo(EffectChart.of("s", TABLE).svg());
    }
}
