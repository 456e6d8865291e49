package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right() {
        TextTable table = new TextTable("scheme", ">n", "note");
        table.add(List.of("hierarchical", "8", "0.5 ± 0.1"));
        table.add(List.of("naive", "16", ""));

        assertThat(printed(table)).isEqualTo("""
                        scheme         n  note
                        hierarchical   8  0.5 ± 0.1
                        naive         16
                        """);
    }

    @Test
    void a_row_of_another_length_is_refused() {
        assertThatThrownBy(() -> new TextTable("a", "b").add(List.of("1")))
                .hasMessage("a row must have 2 cells, was 1");
    }

    private static String printed(TextTable table) {
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text, true));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
