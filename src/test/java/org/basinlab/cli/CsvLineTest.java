package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvLineTest {

    private static String line(String... fields) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        CsvLine.print(Arrays.asList(fields), out);
        out.flush();
        return text.toString();
    }

    @Test
    void a_record_ends_with_cr_lf_and_plain_fields_stand_as_they_are() {
        assertThat(line("scheme", "0.25", "ε = 0")).isEqualTo("scheme,0.25,ε = 0\r\n");
    }

    @Test
    void commas_quotes_and_ends_of_lines_are_quoted() {
        assertThat(line("rounds=1,stop=l2", "a \"b\"", "x\ny", "\r"))
                .isEqualTo("\"rounds=1,stop=l2\",\"a \"\"b\"\"\",\"x\ny\",\"\r\"\r\n");
    }

    @Test
    void an_absent_value_is_empty_and_an_empty_text_is_not() {
        assertThat(line("a", null, "")).isEqualTo("a,,\"\"\r\n");
    }

    @Test
    void a_record_of_one_absent_value_is_no_empty_line() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);

        CsvLine.print(Collections.singletonList(null), out);
        CsvLine.print(List.of("x"), out);

        assertThat(text).hasToString("\"\"\r\nx\r\n");
    }
}
